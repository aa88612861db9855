"""What an analyst writes: rules, policies and groups, as they are in the workspace file and stored."""
