package imports

import (
	"context"
	"time"
)

// Small has transactions of so many rows.
func (s *Service) Small(rows int) { s.pace = pace{least: rows, most: rows, took: time.Hour} }

// OnChunk is called after each transaction; its error breaks the run off, as
// a crash would.
func (s *Service) OnChunk(fn func(rows int) error) { s.chunkDone = fn }

// Go runs an import in the foreground, as the job does.
func (s *Service) Go(ctx context.Context, id int64) error { return s.run(ctx, id, func(Import) {}) }

// NextSize is how many rows follow a transaction of size rows that took so
// long.
func NextSize(size int, took time.Duration) int { return calm.next(size, took) }

// ReadProblems and WriteProblems keep problems.
var (
	ReadProblems  = readProblems
	WriteProblems = writeProblems
)
