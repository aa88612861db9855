"""What if: another configuration of unification, tried beside the live result, then published or dropped."""
