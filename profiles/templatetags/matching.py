"""What is shown of matching rules."""

from django import template

from profiles.words import rule_title

register = template.Library()
register.filter("rule_title", rule_title)
