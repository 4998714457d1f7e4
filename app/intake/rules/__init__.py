"""Pure rules of intake: the anonymous filing, the passphrase and the receipt."""
