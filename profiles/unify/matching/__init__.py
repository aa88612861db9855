"""From rules and evidence to matched pairs, and from those to people."""
