"""What is shown of matching rules."""

from django import template

from profiles.config.words import rule_title
from profiles.review.pair_words import speaks

register = template.Library()
register.filter("rule_title", rule_title)
register.filter("speaks", speaks)
