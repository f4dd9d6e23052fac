"""Every Django form on every page is drawn by the same two templates, so labels, hints and errors are always linked."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class DeskRenderer(TemplatesSetting):
    """`{{ form }}` gives the error summary and all fields; `{{ form.name.as_field_group }}` gives one field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
