// Package backup keeps a whole company in one file and brings it back: the
// database as it was at one moment, though people go on working, and the
// attached files, with the SHA-256 of each part.
//
// A backup is an ordinary archive: tar, packed by zstd, and if a key is given
// encrypted by age (age-encryption.org), so that it can be read without
// Kartoteka too. It holds database/… (kartoteka.db of the embedded database;
// every table in the text format of COPY for PostgreSQL), files/HASH for each
// attached file and, at its end, manifest.json.
//
// Make does not believe in what it has written until it has read it back: it
// restores the file into a scratch place and has that proved before it gives
// the file its name. Restore checks everything beside what is there, proves it,
// and only then swaps the two; a crash in between is made good by Finish.
//
// Tables: platform_backup (one row: the settings), platform_backup_runs. Job:
// backup.make.
package backup
