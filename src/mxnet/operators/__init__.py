"""The table: every operator's forward function, gradient rules and documentation, one file a family."""
