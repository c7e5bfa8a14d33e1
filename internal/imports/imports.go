package imports

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/tabular"
)

// RunImports is the permission to import; with the scope own, one sees one's
// own imports only.
const RunImports = "imports.run"

// Permissions are those of this module, for the matrix.
var Permissions = []authz.Permission{{
	ID: RunImports, Label: "imports.permission.run", Scoped: true,
	Default: map[authz.Role]authz.Level{
		authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.All, authz.Manager: authz.Own,
	},
}}

// MaxFile is the most bytes of a file.
const MaxFile = 2 << 30

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Files   files.Store
	Jobs    *jobs.Runner // nil where imports only run in the foreground
	Targets []Target
	// Language is the company's, a hint for the encoding of texts; may be nil.
	Language func(ctx context.Context) string
	// TempDir is where large files are unpacked; the system's place if empty.
	TempDir string
	Logger  *slog.Logger // of rows the database refused; nil keeps silent
}

// Service is the use cases of imports; safe for concurrent use.
type Service struct {
	Deps

	targets map[string]Target
	pace    pace
	// chunkDone is called after each transaction; tests stop the run there.
	chunkDone func(rows int) error
}

// pace is how many rows share a transaction, and how long that should take.
type pace struct {
	least, most int
	took        time.Duration
}

// The rows of a transaction take about 30 ms, so that others, who wait for one
// of them at most, do not notice.
var calm = pace{least: 25, most: 2000, took: 30 * time.Millisecond}

var runJob = jobs.Define[runArgs]("imports.run", jobs.Options{Title: "jobs.kind.imports-run", Queue: jobs.Slow, Timeout: 6 * time.Hour, MaxAttempts: 5})

type runArgs struct {
	ImportID int64 `json:"import_id"`
}

// New makes the service and gives its job to the runner.
func New(d Deps) (*Service, error) {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{Deps: d, targets: map[string]Target{}, pace: calm}
	for _, t := range d.Targets {
		s.targets[t.Kind()] = t
	}
	if d.Jobs == nil {
		return s, nil
	}
	if err := runJob.Handle(d.Jobs, s.work); err != nil {
		return nil, fmt.Errorf("imports.New: %w", err)
	}
	return s, nil
}

func (s *Service) target(op, kind string) (Target, error) {
	t, ok := s.targets[kind]
	if !ok {
		return nil, errs.InvalidFields(op, errs.Field("kind", "imports.error.kind-unknown", "Kind", kind))
	}
	return t, nil
}

// source is an opened file of the store.
type source struct {
	*tabular.Source

	close func()
}

// open opens an import's file the way its plan says.
func (s *Service) open(ctx context.Context, i Import) (*source, error) {
	content, size, err := s.Files.Open(ctx, i.FileHash)
	if err != nil {
		return nil, err
	}
	at, isFile := content.(io.ReaderAt)
	closing := []func(){func() { _ = content.Close() }}
	if !isFile {
		spooled, remove, err := s.spool(content)
		if err != nil {
			_ = content.Close()
			return nil, err
		}
		at, closing = spooled, append(closing, remove)
	}
	closeAll := func() {
		for _, fn := range closing {
			fn()
		}
	}
	r := i.Plan.Reading
	opts := tabular.Options{
		Encoding: r.Encoding, Delimiter: r.Delimiter, Sheet: r.Sheet, Header: r.Header, Skip: r.Skip, TempDir: s.TempDir,
	}
	if s.Language != nil {
		opts.Language = s.Language(ctx)
	}
	opened, err := tabular.Open(at, size, i.FileName, opts)
	if err != nil {
		closeAll()
		return nil, err
	}
	closing = append([]func(){func() { _ = opened.Close() }}, closing...)
	return &source{Source: opened, close: func() {
		for _, fn := range closing {
			fn()
		}
	}}, nil
}

// spool copies content that cannot be read at random to a temporary file.
func (s *Service) spool(content io.Reader) (f *os.File, remove func(), err error) {
	f, err = os.CreateTemp(s.TempDir, "kartoteka-import-*")
	if err != nil {
		return nil, nil, errs.Wrap("imports.spool", err)
	}
	remove = func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	if _, err := io.Copy(f, content); err != nil {
		remove()
		return nil, nil, errs.Wrap("imports.spool", err)
	}
	return f, remove, nil
}
