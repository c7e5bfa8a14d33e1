// Package db is Kartoteka's one door to its two databases: SQLite inside the
// program and PostgreSQL beside it. The same SQL text runs on both; Read and
// Write give a use case its one transaction.
//
// On SQLite there is a single writer: concurrent Write calls take turns inside
// a shared transaction, each behind its own savepoint, and one commit (one
// flush to disk) acknowledges them all. A Write that returned nil is on disk.
//
// Statements are constants named sql… beside the function that scans them, with
// $1 placeholders; statements_test.go prepares every one of them on both
// engines. Where the engines really differ, Pick makes the fork visible.
package db
