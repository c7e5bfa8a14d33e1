package views

import (
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// List is a kind of list that has views. Its built-in views stand before the
// saved ones; the first of them opens where a person has not chosen another.
type List struct {
	Key     string // "customers"
	BuiltIn []BuiltIn
}

// BuiltIn is a view the program brings along.
type BuiltIn struct {
	Key     string   // "mine"; unique in its list, of letters
	Label   string   // locale id
	Filter  string   // in the grammar of package filter
	Sort    string   // "name,-created"
	Columns []string // empty: the list's usual ones
}

// Deps are what the service needs.
type Deps struct {
	DB    *db.DB
	Lists []List
}

// Service is the use cases of saved views; safe for concurrent use.
type Service struct {
	db    *db.DB
	lists []List
}

// New makes the service.
func New(d Deps) *Service { return &Service{db: d.DB, lists: d.Lists} }

// Permissions are the rights over views. Everyone has views of their own; to
// share them takes the right.
func Permissions() []authz.Permission {
	return []authz.Permission{{
		ID: "views.share", Label: "views.permission.share",
		Default: map[authz.Role]authz.Level{
			authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.All,
		},
	}}
}
