package fields

import (
	"context"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// trusted is how long a catalogue is used without asking whether its version
// is still the newest.
const trusted = 2 * time.Second

// catalogue is all fields and forms as of one version. It is never changed,
// only replaced.
type catalogue struct {
	version int64
	asked   time.Time    // when the version was last compared
	fields  []Definition // by record type and position
	forms   []Form       // by name, each in its newest edition
}

// of gives the fields of a record type in order, archived ones included.
func (c *catalogue) of(recordType string) []Definition {
	first, end := -1, len(c.fields)
	for i, d := range c.fields {
		switch {
		case d.RecordType == recordType && first < 0:
			first = i
		case d.RecordType != recordType && first >= 0:
			return c.fields[first:i]
		}
	}
	if first < 0 {
		return nil
	}
	return c.fields[first:end]
}

func (c *catalogue) field(id int64) (Definition, bool) {
	for _, d := range c.fields {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}

func (c *catalogue) form(id int64) (Form, bool) {
	for _, f := range c.forms {
		if f.ID == id {
			return f, true
		}
	}
	return Form{}, false
}

// current gives a catalogue that is at most two seconds behind other nodes and
// never behind this one. It asks within tx, or, if that is nil, in a
// transaction of its own.
func (s *Service) current(ctx context.Context, tx *db.Tx) (*catalogue, error) {
	if c := s.fresh(); c != nil {
		return c, nil
	}
	var c *catalogue
	ask := func(tx *db.Tx) (err error) {
		c, err = s.at(ctx, tx)
		return err
	}
	var err error
	if tx != nil {
		err = ask(tx)
	} else {
		err = s.db.Read(ctx, ask)
	}
	if err != nil {
		return nil, errs.Wrap("fields.current", err)
	}
	return c, nil
}

func (s *Service) fresh() *catalogue {
	c := s.known.Load()
	if c == nil || c.version < s.least.Load() || s.db.Clock().Now().Sub(c.asked).Abs() >= trusted {
		return nil
	}
	return c
}

const sqlCatalogueVersion = `SELECT version FROM fields_catalogue WHERE id = 1`

// at gives the catalogue the transaction sees. What a writing transaction sees
// may still be undone, so it is remembered only once it is committed.
func (s *Service) at(ctx context.Context, tx *db.Tx) (*catalogue, error) {
	now := s.db.Clock().Now()
	version, err := db.One(ctx, tx, db.Value[int64], sqlCatalogueVersion)
	if err != nil {
		return nil, fmt.Errorf("version: %w", err)
	}
	var c catalogue
	if known := s.known.Load(); known != nil && known.version == version {
		c = *known
	} else {
		c.version = version
		if c.fields, err = listDefinitions(ctx, tx); err != nil {
			return nil, err
		}
		if c.forms, err = listForms(ctx, tx); err != nil {
			return nil, err
		}
	}
	c.asked = now
	if tx.Writable() {
		tx.AfterCommit(func() { s.remember(&c) })
	} else {
		s.remember(&c)
	}
	return &c, nil
}

// remember keeps a catalogue unless a newer one is known.
func (s *Service) remember(c *catalogue) {
	for {
		old := s.known.Load()
		if old != nil && old.version > c.version || s.known.CompareAndSwap(old, c) {
			return
		}
	}
}

const sqlNextVersion = `UPDATE fields_catalogue SET version = version + 1 WHERE id = 1 RETURNING version`

// change runs a use case that changes fields or forms. The catalogue's row is
// written first: that lock lets such changes happen one after the other.
func (s *Service) change(ctx context.Context, op string, fn func(tx *db.Tx) error) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		version, err := db.One(ctx, tx, db.Value[int64], sqlNextVersion)
		if err != nil {
			return fmt.Errorf("version: %w", err)
		}
		tx.AfterCommit(func() { s.outdate(version) })
		return fn(tx)
	})
	return errs.Wrap(op, err)
}

// outdate makes catalogues older than the version useless on this node.
func (s *Service) outdate(version int64) {
	for {
		least := s.least.Load()
		if least >= version || s.least.CompareAndSwap(least, version) {
			return
		}
	}
}
