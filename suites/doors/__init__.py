"""What holds of a Service at each of its addresses: a topic a file, asked at every door."""
