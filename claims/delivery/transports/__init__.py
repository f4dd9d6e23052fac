"""How bytes get into a mailbox and out of it: one small protocol, and a folder and SFTP that keep it."""
