package fields

import (
	"context"
	"sync/atomic"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// Records tells of the records that fields and forms belong to; the modules
// which own them answer.
type Records interface {
	// CustomerOf gives the customer that a record belongs to, 0 for none; or
	// errs.NotFound if there is no such record or the actor may not see it.
	CustomerOf(ctx context.Context, tx *db.Tx, recordType string, recordID int64) (int64, error)
}

// Deps are what the service needs. RecordTypes are those that can have fields
// and forms: "customer", "contact".
type Deps struct {
	DB          *db.DB
	RecordTypes []string
	Records     Records
}

// Service is the use cases of custom fields and forms; safe for concurrent use.
type Service struct {
	db          *db.DB
	recordTypes []string
	records     Records

	known atomic.Pointer[catalogue]
	least atomic.Int64 // version of this node's last change
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{db: d.DB, recordTypes: d.RecordTypes, records: d.Records}
}

// Permissions are the rights over fields and forms.
func Permissions() []authz.Permission {
	designers := map[authz.Role]authz.Level{authz.Administrator: authz.All, authz.Head: authz.All}
	fillers := map[authz.Role]authz.Level{
		authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.All,
		authz.Manager: authz.All, authz.Operator: authz.All,
	}
	return []authz.Permission{
		{ID: "fields.manage", Label: "fields.permission.manage", Default: designers},
		{ID: "fields.forms", Label: "fields.permission.forms", Default: designers},
		{ID: "forms.fill", Label: "fields.permission.fill", Default: fillers},
	}
}
