package journal

import "kartoteka.dev/internal/platform/authz"

// Permissions are the rights over the journal as a whole; what it says about
// one customer goes with the right to see that customer.
var Permissions = []authz.Permission{{
	ID: "journal.view", Label: "journal.permission.view",
	Default: map[authz.Role]authz.Level{
		authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.All, authz.Analyst: authz.All,
	},
}}
