"""What is shown of matching rules."""

from django import template

from profiles.config.words import part_of_rule, rule_title
from profiles.review.pair_words import speaks

register = template.Library()
register.filter("part_of_rule", part_of_rule)
register.filter("rule_title", rule_title)
register.filter("speaks", speaks)
