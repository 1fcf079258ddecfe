"""The bystanders of this process: made before its first check, looked at all the time, told of with each fact."""
