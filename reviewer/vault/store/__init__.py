"""The SQLCipher store. The only package that imports sqlcipher3; one thread owns each open store."""
