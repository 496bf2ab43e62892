"""The whole evening in a real browser, against the demonstration as a newcomer meets it."""
