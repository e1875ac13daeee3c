"""Comments in the code that say what is left to do by hand: `# TODO(kmigrate KM101): …`."""
