"""A practice of N patients, written by the database itself: one to three coverages, facts, claims, answers.

Ids are hashes of numbers, so every table can name the others' rows, and lie as scattered as real ones.
"""

from __future__ import annotations

from typing import Any

# Of a hundred patients: which coverages each has. k is the place on the card list.
KINDS = """
  SELECT n, 1 AS k, CASE WHEN n % 100 < 63 THEN 'employer' WHEN n % 100 < 96 THEN 'medicare'
    ELSE 'employer' END AS kind,
         NULL::int AS whose, 'self' AS relationship FROM people WHERE NOT (n % 100 BETWEEN 55 AND 62)
  UNION ALL SELECT n, 2, 'employer', 1, 'spouse' FROM people WHERE n % 100 BETWEEN 45 AND 54
  UNION ALL SELECT n, 1, 'employer', 1, 'child' FROM people WHERE n % 100 BETWEEN 55 AND 62
  UNION ALL SELECT n, 2, 'employer', 2, 'child' FROM people WHERE n % 100 BETWEEN 55 AND 62
  UNION ALL SELECT n, 2, 'employer', NULL, 'self' FROM people WHERE n % 100 BETWEEN 63 AND 80
  UNION ALL SELECT n, 2, 'medicaid', NULL, 'self' FROM people WHERE n % 100 BETWEEN 81 AND 90
  UNION ALL SELECT n, 2, 'medigap', NULL, 'self' FROM people WHERE n % 100 BETWEEN 91 AND 92
  UNION ALL SELECT n, 2, 'employer', NULL, 'self' FROM people WHERE n % 100 BETWEEN 93 AND 95
  UNION ALL SELECT n, 3, 'medicaid', NULL, 'self' FROM people WHERE n % 100 BETWEEN 93 AND 95
  UNION ALL SELECT n, 2, 'medicaid', NULL, 'self' FROM people WHERE n % 100 BETWEEN 96 AND 99
"""

STATEMENTS = (
    """INSERT INTO accounts_site (id, name, code, npi, tax_id, taxonomy, address, city, state, zip_code, phone)
       SELECT md5('s' || s)::uuid, 'Site ' || s, 's' || s, lpad(s::text, 10, '1'), '', '', '', '', 'IL', '', ''
       FROM generate_series(0, 7) s""",
    """INSERT INTO coverage_payer (id, name, edi_id, kind, filing_indicator, state, remit_ids)
       SELECT md5('y' || y)::uuid, 'Payer ' || y, 'Y' || y, '', 'CI', '', '[]' FROM generate_series(0, 99) y""",
    """INSERT INTO coverage_employer (id, name, search_name, size_band, size_as_of, size_told_by)
       SELECT md5('e' || e)::uuid, 'Employer ' || e, 'EMPLOYER' || e,
              (ARRAY['<20', '20-99', '100+', '100+'])[1 + e % 4],
              date '2025-01-15', 'payroll office'
       FROM generate_series(0, 1999) e""",
    "CREATE TEMPORARY TABLE people AS SELECT n FROM generate_series(0, %(last)s) n",
    "CREATE TEMPORARY TABLE cards AS " + KINDS,
    """INSERT INTO patients_patient (id, site_id, chart_number, last_name, first_name, middle_name, birth_on, sex,
              address, city, state, zip_code, phone, comes_weekly, marital_status, employment_status, search_last,
              search_first, created_at)
       SELECT md5('p' || n)::uuid, md5('s' || n % 8)::uuid, 'C' || n, 'Last' || n, 'First', '',
              CASE WHEN n % 100 BETWEEN 55 AND 62 THEN date '2012-01-01' + n % 3000
                   WHEN n % 100 BETWEEN 63 AND 95 THEN date '1945-01-01' + n % 7300
                   ELSE date '1965-01-01' + n % 14000 END,
              'F', '', '', 'IL', '', '', false, '', '', 'LAST' || n, 'FIRST', now()
       FROM people""",
    """INSERT INTO patients_relatedperson (id, patient_id, last_name, first_name, relation, birth_on, birth_month_day,
              sex, spouse_of_id, address, city, state, zip_code)
       SELECT md5('r' || n || '-' || r)::uuid, md5('p' || n)::uuid, 'Last' || n, 'Relative',
              CASE WHEN n % 100 < 55 THEN 'spouse' WHEN r = 1 THEN 'mother' ELSE 'father' END,
              date '1970-01-01' + (n * 7 + r * 131) % 9000, '', '', NULL, '', '', '', ''
       FROM people, generate_series(1, 2) r WHERE n % 100 BETWEEN 45 AND 62 AND (r = 1 OR n % 100 >= 55)""",
    """INSERT INTO coverage_coverage (id, patient_id, payer_id, kind, plan_name, member_id, group_number, subscriber_id,
              relationship, employer_id, enrolled, effective_on, ended_on, open_ended, source, search_member,
              verified_how, created_at)
       SELECT md5('c' || n || '-' || k)::uuid, md5('p' || n)::uuid, md5('y' || (n * 3 + k) % 100)::uuid, kind, '',
              'M' || n || k, '', CASE WHEN whose IS NOT NULL THEN md5('r' || n || '-' || whose)::uuid END, relationship,
              CASE WHEN kind = 'employer' THEN md5('e' || (n * 11 + k) % 2000)::uuid END, true,
              date '2015-01-01' + (n * 13 + k * 7) % 3600,
              CASE WHEN n % 37 = 0 THEN date '2026-03-31' END, n % 37 <> 0 AND n % 40 > 0, 'front desk',
              'M' || n || k, '', timestamptz '2026-01-01' + k * interval '1 second'
       FROM cards""",
    """INSERT INTO coverage_fact (id, patient_id, path, value, true_from, told_by, told_how, told_at)
       SELECT md5('f' || n || path)::uuid, md5('p' || n)::uuid, path, value::jsonb, NULL, 'patient', 'in person', now()
       FROM (
         SELECT n, 'medicare.part_a' AS path, '{"from": "2010-01-01", "to": null}' AS value FROM cards
           WHERE kind = 'medicare'
         UNION ALL SELECT n, 'medicare.part_b', '{"from": "2010-01-01", "to": null}' FROM cards WHERE kind = 'medicare'
         UNION ALL SELECT n, 'medicare.premium_free_part_a', 'true' FROM cards WHERE kind = 'medicare' AND n % 30 > 0
         UNION ALL SELECT n, 'medicare.basis', CASE WHEN n % 7 = 0 THEN '{"disability": "2009-06"}'
           ELSE '{"age": null}' END
           FROM cards WHERE kind = 'medicare' AND n % 50 > 0
         UNION ALL SELECT n, 'coverages.' || md5('c' || n || '-' || k)::uuid || '.employment.status',
           CASE WHEN n % 3 = 0 THEN '"retired"' ELSE '"working"' END FROM cards
           WHERE kind = 'employer' AND n % 100 >= 63 AND n % 20 > 0
         UNION ALL SELECT n, 'coverages.' || md5('c' || n || '-' || k)::uuid || '.work_status',
           CASE WHEN n % 100 >= 63 AND n % 3 = 0 THEN '"retired"' ELSE '"active"' END FROM cards
           WHERE kind = 'employer' AND n % 100 BETWEEN 45 AND 95
         UNION ALL SELECT n, 'coverages.' || md5('c' || n || '-' || k)::uuid || '.continuation', '"none"' FROM cards
           WHERE kind = 'employer' AND n % 100 BETWEEN 45 AND 95
         UNION ALL SELECT n, 'child.parents_living_together', 'true' FROM people
           WHERE n % 100 BETWEEN 55 AND 62 AND n % 9 > 0
         UNION ALL SELECT n, 'child.decree.terms', '"none"' FROM people WHERE n % 100 BETWEEN 55 AND 62
       ) told""",
    """CREATE TEMPORARY TABLE visits AS SELECT n, v FROM people, generate_series(1, 2) v WHERE v = 1 OR n % 5 = 0""",
    """INSERT INTO claims_claim (id, site_id, patient_id, control_number, service_from, service_to, charge_cents,
              paid_cents,
              written_off_cents, insurer_open_cents, patient_cents, rendering_npi, related_to, is_void, content,
              billed_on, created_at)
       SELECT md5('k' || n || '-' || v)::uuid, md5('s' || n % 8)::uuid, md5('p' || n)::uuid, 'PCN' || n || '-' || v,
              date '2025-11-01' + (n * 17 + v * 90) % 365, date '2025-11-01' + (n * 17 + v * 90) % 365,
              15000, CASE WHEN n % 2 = 0 THEN 8000 ELSE 0 END, CASE WHEN n % 2 = 0 THEN 5000 ELSE 0 END,
              CASE WHEN n % 2 = 0 THEN 2000 ELSE 15000 END, 0, '', '[]', false, '{}', date '2026-11-02', now()
       FROM visits""",
    """INSERT INTO claims_claimpayer (id, claim_id, coverage_id, payer_id, rank, rank_from, state, payer_control_number)
       SELECT md5('q' || n || '-' || v || '-' || k)::uuid, md5('k' || n || '-' || v)::uuid,
              md5('c' || n || '-' || k)::uuid, md5('y' || (n * 3 + k) % 100)::uuid, place, 'billed',
              CASE WHEN n % 2 = 0 AND place = 1 THEN 'adjudicated' ELSE 'expected' END, ''
       FROM (
         SELECT visits.n, v, k, rank() OVER (PARTITION BY visits.n, v ORDER BY CASE
                  WHEN kind = 'medicaid' THEN 99999 WHEN visits.n % 25 = 7 THEN -k WHEN kind = 'medigap' THEN 9
                  WHEN kind = 'medicare' AND visits.n % 3 > 0 AND (visits.n * 11 + 2) % 4 > 0 THEN 5
                  WHEN visits.n % 100 BETWEEN 55 AND 62
                    THEN to_char(date '1970-01-01' + (visits.n * 7 + k * 131) % 9000, 'MMDD')::int
                  ELSE k END, k) AS place
         FROM visits JOIN cards ON cards.n = visits.n) ranked""",
    """INSERT INTO claims_posting (id, claim_id, payer_id, rank, kind, "group", carc, rarc, amount_cents, note,
              posted_on, posted_at, key)
       SELECT md5('o' || n || '-' || v)::uuid, md5('k' || n || '-' || v)::uuid, payer_id, 1, 'payment', '', '', '[]',
              8000, '', date '2026-11-10', now(), md5('o' || n || '-' || v) || md5('o')
       FROM visits JOIN claims_claimpayer ON claim_id = md5('k' || n || '-' || v)::uuid AND claims_claimpayer.rank = 1
       WHERE n % 2 = 0""",
    "DROP TABLE people, cards, visits",
)
TABLES = (
    "patients_patient", "patients_relatedperson", "coverage_coverage", "coverage_fact", "coverage_employer",
    "claims_claim", "claims_claimpayer", "claims_posting",
)  # fmt: skip


def fill(connection: Any, patients: int) -> None:
    """Write the practice and let the planner see it. `connection` is psycopg's, in autocommit."""
    # Nobody else writes here, so the rows need not be held against each other one by one.
    connection.execute("SET session_replication_role = replica")
    for statement in STATEMENTS:
        connection.execute(statement.replace("%(last)s", str(patients - 1)))
    connection.execute("SET session_replication_role = origin")
    for table in TABLES:
        connection.execute(f"VACUUM ANALYZE {table}")
