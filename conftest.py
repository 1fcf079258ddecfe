"""Nothing to see here: the plugin comes by its entry point, and its defaults (lab, reference) need no words."""
