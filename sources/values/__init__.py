"""From text (or native values) to typed columns. No Django here: Arrow in, Arrow and a mask of the unread out."""
