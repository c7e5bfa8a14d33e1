// Package customers is the customer file: organisations and persons we work
// with, their units, contacts, contact points and addresses, and everything
// noted about them.
//
// Nouns: Customer, Contact, Point (phone, e-mail, messenger, web page),
// Address, Tag, ImportantDate, Consent, Source, Note, File. A unit or branch
// is a customer of its own with a parent.
//
// It owns the tables customers_*. customers_words is an index under which a
// customer is found, kept in the transaction that changes what it is made of;
// CheckWords proves it against a recount.
//
// Every change bumps the customer's version, dates it and writes the journal
// in the same transaction. Events out: see the On… methods. It asks the company
// for its defaults and custom fields for their values through the interfaces
// below.
package customers

import (
	"context"
	"log/slog"
	"time"

	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/journal"
)

// Company gives what the customer file needs to know of the company.
type Company interface {
	// Defaults are used where a customer says nothing.
	Defaults(ctx context.Context) Defaults
}

// Defaults of the company.
type Defaults struct {
	Country      string // ISO 3166 alpha-2: phones without a country code are read as of here
	Language     string // ISO 639-1
	NumberPrefix string // "K-"
	Zone         *time.Location
}

// CustomFields are the company's own fields of customers. Values go by slug,
// in the shapes of the API (see package fields).
type CustomFields interface {
	// FilterFields describes them for lists and filters, as custom.SLUG.
	FilterFields(ctx context.Context, recordType, idExpr string) ([]filter.Field, error)
	// Write checks and keeps values of one record, and gives what they were and
	// what they are now, for the journal. Slugs left out stay as they are; nil
	// empties a field.
	Write(ctx context.Context, tx *db.Tx, recordType string, recordID int64, values map[string]any) (before, after map[string]any, err error)
	// WriteNew is Write for many records that have no values yet.
	WriteNew(ctx context.Context, tx *db.Tx, recordType string, ids []int64, values []map[string]any) (after []map[string]any, err error)
	// Values reads all values of some records.
	Values(ctx context.Context, tx *db.Tx, recordType string, ids []int64) (map[int64]map[string]any, error)
	// Erase removes all values of a record.
	Erase(ctx context.Context, tx *db.Tx, recordType string, recordID int64) error
}

// RecordType is how other modules call a customer: in journal entries, custom
// fields and live updates.
const RecordType = "customer"

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Company Company
	Fields  CustomFields
	People  People       // nil: nobody has a name
	Sheets  Sheets       // nil: no custom fields and forms in the dossier
	Files   files.Store  // nil: files cannot be attached
	Logger  *slog.Logger // of panels that could not be loaded; nil keeps silent
}

// Service is the use cases of the customer file; safe for concurrent use.
type Service struct {
	db      *db.DB
	company Company
	fields  CustomFields
	events  events
	people  People
	sheets  Sheets
	files   files.Store
	panels  []Panel
	lexicon lexicon.Stored
	undoers map[string]Undoer
	log     *slog.Logger
}

// New makes the service. Without Fields there are no custom ones.
func New(d Deps) *Service {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{db: d.DB, company: d.Company, fields: d.Fields, people: d.People, sheets: d.Sheets, files: d.Files, log: d.Logger}
}

func (s *Service) defaults(ctx context.Context) Defaults {
	d := s.company.Defaults(ctx)
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	return d
}

// A Handler is told of an event within the transaction that made it: what it
// does is kept or lost together with the change.
type Handler func(ctx context.Context, tx *db.Tx, c Customer) error

type events struct {
	created, changed, archived, restored, erased []Handler
}

// OnCreated tells fn of every new customer.
func (s *Service) OnCreated(fn Handler) { s.events.created = append(s.events.created, fn) }

// OnChanged tells fn of every change of a customer or of what hangs on it.
func (s *Service) OnChanged(fn Handler) { s.events.changed = append(s.events.changed, fn) }

// OnArchived tells fn of every customer that is archived.
func (s *Service) OnArchived(fn Handler) { s.events.archived = append(s.events.archived, fn) }

// OnRestored tells fn of every customer that comes back from the archive.
func (s *Service) OnRestored(fn Handler) { s.events.restored = append(s.events.restored, fn) }

// An Undoer takes back what an entry of the journal tells of.
type Undoer func(ctx context.Context, tx *db.Tx, entry journal.Record) error

// Undoes has fn take back entries of a kind that another part of the file
// writes; only while the program is put together.
func (s *Service) Undoes(kind string, fn Undoer) {
	if s.undoers == nil {
		s.undoers = map[string]Undoer{}
	}
	s.undoers[kind] = fn
}

// OnErased tells fn of every person that is erased.
func (s *Service) OnErased(fn Handler) { s.events.erased = append(s.events.erased, fn) }

func tell(ctx context.Context, tx *db.Tx, handlers []Handler, c Customer) error {
	for _, fn := range handlers {
		if err := fn(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// Panel is what another module shows in the dossier. Load is called in a
// transaction of its own after the right to see the customer was checked; its
// data, nil for nothing to show, goes to the page and to the API as it is.
type Panel interface {
	Name() string // of the module: "planner"
	Load(ctx context.Context, tx *db.Tx, c Customer) (any, error)
}

// AddPanel adds a panel to every dossier; only while the program is put
// together.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// PanelData is what a Panel has loaded, or that it could not.
type PanelData struct {
	Name   string `json:"name"`
	Data   any    `json:"data"`
	Failed bool   `json:"failed,omitzero"`
}

// panelTime is how long a panel may take; the dossier waits no longer for it.
const panelTime = 2 * time.Second

// loadPanel never fails: what goes wrong in a panel, a crash included, is
// logged and stays in the panel.
func (s *Service) loadPanel(ctx context.Context, p Panel, c Customer) (out PanelData) {
	out.Name = p.Name()
	defer func() {
		if crash := recover(); crash != nil {
			s.log.ErrorContext(ctx, "a panel of the dossier crashed", "panel", out.Name, "customer", c.ID, "crash", crash)
			out.Data, out.Failed = nil, true
		}
	}()
	within, stop := context.WithTimeout(ctx, panelTime)
	defer stop()
	err := s.db.Read(within, func(tx *db.Tx) (err error) {
		out.Data, err = p.Load(within, tx, c)
		return err
	})
	if err != nil {
		s.log.ErrorContext(ctx, "a panel of the dossier could not be loaded", "panel", out.Name, "customer", c.ID, "error", err)
		out.Data, out.Failed = nil, true
	}
	return out
}

// LoadPanel loads one panel of a dossier once more; NotFound if there is none
// of the name.
func (s *Service) LoadPanel(ctx context.Context, id int64, name string) (PanelData, error) {
	const op = "customers.LoadPanel"
	if _, err := authz.Require(ctx, op, "customers.view"); err != nil {
		return PanelData{}, err
	}
	c, err := s.Find(ctx, id)
	if err != nil {
		return PanelData{}, err
	}
	for _, p := range s.panels {
		if p.Name() == name {
			return s.loadPanel(ctx, p, c), nil
		}
	}
	return PanelData{}, errs.New(errs.NotFound, op, "errors.page-not-found")
}
