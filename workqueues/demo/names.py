"""Invented names, streets and employers; any likeness is chance."""

from __future__ import annotations

LAST = (
    "Abbott Acosta Adeyemi Alvarez Andersen Baptiste Barlow Becker Benitez Bishop Boateng Brandt Burke Calloway "
    "Castillo Chandra Chen Clarke Cohen Cortez Dalton Delgado Diaz Donovan Doyle Eckert Ellison Espinoza Farrell "
    "Fischer Fontaine Foster Gallagher Garza Gibbs Goldberg Grant Guerrero Hale Hansen Haddad Holloway Huang "
    "Ibarra Ivanov Jansen Jefferson Kaplan Keller Khan Kowalski Lam Lindqvist Lopez Lowry Maddox Marsh Medina "
    "Mercer Mohammed Moreau Nakamura Navarro Nguyen Novak Okafor Olsen Ortega Osborne Park Patel Pearce Petrov "
    "Quinn Ramsey Reyes Rhodes Rosales Sandoval Schultz Shah Silva Simmons Sorensen Sullivan Takeda Thorne Torres "
    "Underwood Valdez Vance Vargas Walsh Weaver Whitaker Winters Yang Yates Zamora Zielinski"
).split()

FIRST_F = (
    "Abigail Adriana Alma Amara Beatriz Bonnie Camila Carol Chloe Clara Daniela Denise Edith Elena Esther Fatima "
    "Frances Gloria Grace Hannah Helen Imani Irene Jasmine Joan Josephine Karen Laila Leticia Lucille Mabel "
    "Marisol Maya Mei Nadia Naomi Norma Olivia Paloma Priya Rachel Renee Rosa Ruth Sabrina Selma Sofia Sylvia "
    "Teresa Uma Valerie Vera Wanda Yolanda Zoe"
).split()

FIRST_M = (
    "Aaron Albert Andre Anthony Bernard Caleb Carlos Cedric Clarence Cyrus Darius David Dmitri Dwight Edgar Elias "
    "Emmett Ernest Felix Floyd Gabriel George Gilbert Hector Henry Hugo Ian Isaac Ivan Jamal Jerome Joel Julian "
    "Kenji Kwame Leon Leroy Luis Marcus Mateo Milton Nathan Neil Omar Oscar Patrick Quentin Rafael Raymond Rohan "
    "Samuel Sergio Stanley Theo Tomas Victor Vincent Walter Wesley Xavier"
).split()

STREETS = (
    "Alder Birch Cedar Dogwood Elm Fir Grove Hawthorn Juniper Linden Maple Orchard Prairie Quarry River Spruce Willow"
).split()

# name, size band as the desk learned it; an empty band was never asked
EMPLOYERS = (
    ("Harbor Freightways", "100+"),
    ("Northfield School District", "100+"),
    ("Lumen Fabrication", "100+"),
    ("Cresthaven Hospital", "100+"),
    ("Tallgrass Market", "20-99"),
    ("Ferris & Daughters", "20-99"),
    ("Osage Printing", "20-99"),
    ("Blue Kettle Bakery", "<20"),
    ("Marrow Lane Books", "<20"),
    ("Pine Hill Landscaping", "<20"),
    ("Ketteridge Tool", ""),
    ("Sandpiper Travel", ""),
)
