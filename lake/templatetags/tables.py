"""What columns are called: `{% load tables %}`."""

from django import template

from lake import words

register = template.Library()
register.filter("column_title", words.column_title)
