package team

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/team/secret"
)

// Deps are what the service needs. Permissions and Fields are those of all
// modules, this one's included (see Permissions).
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock // nil: the database's
	Permissions []authz.Permission
	Fields      []FieldDefinition
	Hasher      *secret.Hasher // nil: as many hashes at once as there are processors
	Files       files.Store    // keeps the logo; nil: none can be set
	// ResetLater has SendReset called soon after the transaction in which
	// someone asks for a reset link; nil: it is done at once.
	ResetLater func(ctx context.Context, tx *db.Tx, email string) error
}

// FieldDefinition is a field whose visibility can be set for each role.
type FieldDefinition struct {
	ID    string // "customers.tax_id"
	Label string // locale id
}

// Service is the team's use cases; safe for concurrent use.
type Service struct {
	db          *db.DB
	clock       clock.Clock
	permissions []authz.Permission
	fields      []FieldDefinition
	hasher      *secret.Hasher

	files   files.Store
	logo    atomic.Pointer[logo]
	loading sync.Mutex // one load of the snapshot at a time
	known   atomic.Pointer[snapshot]
	least   atomic.Int64 // version of this node's last change

	onDeactivated []PersonDeactivatedFunc
	onLink        []LinkCreatedFunc
	onAccess      []AccessChangedFunc
	resetLater    func(ctx context.Context, tx *db.Tx, email string) error
}

// New makes the service.
func New(d Deps) *Service {
	if d.Hasher == nil {
		d.Hasher = secret.NewHasher(runtime.NumCPU())
	}
	if d.Clock == nil {
		d.Clock = d.DB.Clock()
	}
	return &Service{
		db: d.DB, clock: d.Clock, hasher: d.Hasher,
		permissions: d.Permissions, fields: d.Fields, files: d.Files, resetLater: d.ResetLater,
	}
}

func (s *Service) now() clock.Instant { return clock.InstantOf(s.clock.Now()) }
