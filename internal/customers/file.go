package customers

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"kartoteka.dev/internal/customers/writings"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/journal"
)

// Limits of what is attached.
const (
	MaxFileBytes = 50_000_000
	MaxFiles     = 500 // of one customer
)

// File is a document or picture attached to a customer.
type File struct {
	ID         int64         `json:"id"`
	CustomerID int64         `json:"customer_id"`
	Hash       string        `json:"-"` // of its content, in the store
	Name       string        `json:"name"`
	Size       int64         `json:"size"` // bytes
	MIME       string        `json:"mime"` // found from the content
	AddedAt    clock.Instant `json:"added_at"`
	AddedByID  int64         `json:"added_by_id,omitzero"`
	RemovedAt  clock.Instant `json:"-"`
}

// Previewable tells whether a browser may show the file in the page.
func (f File) Previewable() bool { return files.Previewable(f.MIME) }

// Thumbnailable tells whether there is a small picture of the file.
func (f File) Thumbnailable() bool { return files.Thumbnailable(f.MIME) }

// fileEntry is what the journal keeps of a file.
type fileEntry struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	MIME string `json:"mime"`
	Hash string `json:"hash"`
}

func tellFile(ctx context.Context, tx *db.Tx, kind string, f *File) error {
	e := journal.Entry{Kind: kind, Subject: journal.Ref{Type: "file", ID: f.ID}, CustomerID: f.CustomerID}
	entry := fileEntry{f.Name, f.Size, f.MIME, f.Hash}
	if f.RemovedAt.IsZero() {
		e.After = entry
	} else {
		e.Before = entry
	}
	_, err := journal.Write(ctx, tx, e)
	return err
}

// AttachFile keeps a file with a customer under a cleaned name. Its content is
// in the store before the customer refers to it.
func (s *Service) AttachFile(ctx context.Context, customerID int64, name string, content io.Reader) (File, error) {
	const op = "customers.AttachFile"
	scope, err := authz.Require(ctx, op, "customers.edit")
	if err != nil {
		return File{}, err
	}
	if s.files == nil {
		return File{}, errs.New(errs.Unavailable, op, "customers.file.error-no-store")
	}
	// Nobody fills the store who may not attach: asked before, and again in the
	// transaction.
	roomFor := func(tx *db.Tx) error { return roomForFile(ctx, tx, op, scope, customerID) }
	if err := s.db.Read(ctx, roomFor); err != nil {
		return File{}, errs.Wrap(op, err)
	}
	stored, err := s.files.Put(ctx, content, files.Limits{Bytes: MaxFileBytes})
	if err != nil {
		return File{}, errs.Wrap(op, err)
	}
	if stored.Size == 0 {
		return File{}, errs.InvalidFields(op, errs.Field("file", "customers.file.error-empty"))
	}
	f := File{
		CustomerID: customerID, Hash: stored.Hash, Name: files.CleanName(name), Size: stored.Size, MIME: stored.MIME,
		AddedByID: authz.From(ctx).UserID,
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := roomFor(tx); err != nil {
			return err
		}
		f.AddedAt = tx.Now()
		if err := insertFile(ctx, tx, &f); err != nil {
			return err
		}
		return tellFile(ctx, tx, "customers.file_added", &f)
	})
	return f, errs.Wrap(op, err)
}

func roomForFile(ctx context.Context, tx *db.Tx, op string, scope authz.Scope, customerID int64) error {
	if _, err := standing(ctx, tx, op, scope, customerID); err != nil {
		return err
	}
	n, err := countFiles(ctx, tx, customerID)
	if err == nil && n >= MaxFiles {
		return errs.New(errs.TooLarge, op, "customers.file.error-too-many", "Max", MaxFiles)
	}
	return err
}

// ListFiles gives the files of a customer, newest first.
func (s *Service) ListFiles(ctx context.Context, customerID int64) ([]File, error) {
	const op = "customers.ListFiles"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	var all []File
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, op, scope, customerID); err != nil {
			return err
		}
		all, err = listFiles(ctx, tx, customerID, MaxFiles)
		return err
	})
	return all, errs.Wrap(op, err)
}

// FindFile gives one file of a customer, without its content.
func (s *Service) FindFile(ctx context.Context, customerID, id int64) (File, error) {
	const op = "customers.FindFile"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return File{}, err
	}
	var f File
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, op, scope, customerID); err != nil {
			return err
		}
		f, err = findFile(ctx, tx, op, customerID, id)
		return err
	})
	if err == nil && f.RemovedAt != 0 {
		err = errNoFile(op)
	}
	return f, errs.Wrap(op, err)
}

// OpenFile opens a file's content, with the right to see its customer; the
// caller closes it.
func (s *Service) OpenFile(ctx context.Context, f File) (io.ReadSeekCloser, int64, error) {
	const op = "customers.OpenFile"
	f, err := s.FindFile(ctx, f.CustomerID, f.ID)
	if err != nil {
		return nil, 0, err
	}
	if s.files == nil {
		return nil, 0, errs.New(errs.Unavailable, op, "customers.file.error-no-store")
	}
	content, size, err := s.files.Open(ctx, f.Hash)
	return content, size, errs.Wrap(op, err)
}

// Thumbnail makes a small picture of a file, its sides at most so many pixels,
// with the right to see its customer.
func (s *Service) Thumbnail(ctx context.Context, customerID, id int64, side int) (files.Picture, error) {
	const op = "customers.Thumbnail"
	content, _, err := s.OpenFile(ctx, File{CustomerID: customerID, ID: id})
	if err != nil {
		return files.Picture{}, err
	}
	defer func() { _ = content.Close() }()
	p, err := files.Thumbnail(ctx, content, side)
	return p, errs.Wrap(op, err)
}

// RemoveFile takes a file off a customer, with the right to edit it; its
// content stays in the store as long as RestoreFile can bring it back.
func (s *Service) RemoveFile(ctx context.Context, customerID, id int64) error {
	const op = "customers.RemoveFile"
	return s.moveFile(ctx, op, customerID, id, "customers.file_removed")
}

// RestoreFile brings a removed file back within 90 days, with the right to edit
// its customer.
func (s *Service) RestoreFile(ctx context.Context, customerID, id int64) error {
	const op = "customers.RestoreFile"
	return s.moveFile(ctx, op, customerID, id, "customers.file_restored")
}

func (s *Service) moveFile(ctx context.Context, op string, customerID, id int64, kind string) error {
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error { return moveFileIn(ctx, tx, op, customerID, id, kind) }))
}

func moveFileIn(ctx context.Context, tx *db.Tx, op string, customerID, id int64, kind string) error {
	scope, err := authz.Require(ctx, op, "customers.edit")
	if err != nil {
		return err
	}
	if _, err := standing(ctx, tx, op, scope, customerID); err != nil {
		return err
	}
	f, err := findFile(ctx, tx, op, customerID, id)
	if err != nil {
		return err
	}
	removed := f.RemovedAt != 0
	if restoring := kind == "customers.file_restored"; removed != restoring {
		return errNoFile(op)
	}
	if removed && f.RemovedAt.Add(UndoTime) < tx.Now() {
		return errs.New(errs.Conflict, op, "customers.file.error-too-late")
	}
	if f.RemovedAt = 0; !removed {
		f.RemovedAt = tx.Now()
	}
	if err := markFile(ctx, tx, id, f.RemovedAt); err != nil {
		return err
	}
	return tellFile(ctx, tx, kind, &f)
}

// Referenced tells which contents of the store a customer's file needs, for
// the sweep; removed files count as long as they can come back.
func (s *Service) Referenced(ctx context.Context, hashes []string) (map[string]bool, error) {
	const op = "customers.Referenced"
	if _, err := authz.Require(ctx, op, "files.sweep"); err != nil {
		return nil, err
	}
	used := make(map[string]bool, len(hashes))
	since := clock.InstantOf(s.db.Clock().Now().Add(-UndoTime))
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := listUsed(ctx, tx, hashes, since)
		for _, hash := range found {
			used[hash] = true
		}
		return err
	})
	return used, errs.Wrap(op, err)
}

const fileColumns = `f.id, f.customer_id, f.hash, f.name, f.size, f.mime, f.added_at, COALESCE(f.added_by_id, 0), f.removed_at`

func scanFile(s db.Scanner) (f File, err error) {
	err = s.Scan(&f.ID, &f.CustomerID, &f.Hash, &f.Name, &f.Size, &f.MIME, &f.AddedAt, &f.AddedByID, &f.RemovedAt)
	return f, err
}

const (
	sqlFindFile  = `SELECT ` + fileColumns + ` FROM customers_files f WHERE f.id = $1 AND f.customer_id = $2`
	sqlListFiles = `
SELECT ` + fileColumns + ` FROM customers_files f
WHERE f.customer_id = $1 AND f.removed_at = 0 ORDER BY f.id DESC LIMIT $2`
	sqlCountFiles = `SELECT COUNT(*) FROM customers_files WHERE customer_id = $1 AND removed_at = 0`
	sqlInsertFile = `
INSERT INTO customers_files (customer_id, hash, name, name_key, size, mime, added_at, added_by_id, removed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) RETURNING id`
	sqlMarkFile   = `UPDATE customers_files SET removed_at = $2 WHERE id = $1`
	sqlEraseFiles = `DELETE FROM customers_files WHERE customer_id = $1`
)

func errNoFile(op string) error { return errs.New(errs.NotFound, op, "customers.file.error-not-found") }

// findFile gives a file of a customer, removed or not.
func findFile(ctx context.Context, tx *db.Tx, op string, customerID, id int64) (File, error) {
	f, err := db.One(ctx, tx, scanFile, sqlFindFile, id, customerID)
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, errNoFile(op)
	}
	return f, err
}

func listFiles(ctx context.Context, tx *db.Tx, customerID int64, limit int) ([]File, error) {
	return db.All(ctx, tx, scanFile, sqlListFiles, customerID, limit)
}

func countFiles(ctx context.Context, tx *db.Tx, customerID int64) (int, error) {
	return db.One(ctx, tx, db.Value[int], sqlCountFiles, customerID)
}

func insertFile(ctx context.Context, tx *db.Tx, f *File) error {
	err := tx.QueryRow(ctx, sqlInsertFile, f.CustomerID, f.Hash, f.Name, fold.Key(f.Name), f.Size, f.MIME, f.AddedAt,
		orNull(f.AddedByID)).Scan(&f.ID)
	if err != nil {
		return err
	}
	return writings.Add(ctx, tx, writings.Text{Kind: writings.File, ID: f.ID, Text: f.Name})
}

func markFile(ctx context.Context, tx *db.Tx, id int64, removedAt clock.Instant) error {
	_, err := tx.Exec(ctx, sqlMarkFile, id, removedAt)
	return err
}

// eraseFiles forgets the files of a customer; the sweep frees their content.
func eraseFiles(ctx context.Context, tx *db.Tx, customerID int64) error {
	_, err := tx.Exec(ctx, sqlEraseFiles, customerID)
	return err
}

const selectUsed = `SELECT DISTINCT hash FROM customers_files WHERE (removed_at = 0 OR removed_at >= $1) AND hash`

func listUsed(ctx context.Context, tx *db.Tx, hashes []string, since clock.Instant) ([]string, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	return db.All(ctx, tx, db.Value[string], selectUsed+in(1, len(hashes)), append([]any{since}, anys(hashes)...)...)
}
