"""From text (or native values) to typed columns. No Django here: Arrow in, Arrow and a mask of what could not be read out."""
