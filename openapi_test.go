package kartoteka_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"kartoteka.dev/internal/customers/customersapi"
	"kartoteka.dev/internal/duplicates/duplicatesapi"
	"kartoteka.dev/internal/imports/importsapi"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/team/teamapi"
	"kartoteka.dev/internal/webhooks/webhooksapi"
)

var update = flag.Bool("update", false, "write docs/openapi.json")

// TestAPIDescriptionIsCommitted keeps docs/openapi.json as the API is: what
// changes for programs is seen in a diff.
func TestAPIDescriptionIsCommitted(t *testing.T) {
	const path = "docs/openapi.json"
	a := api.New(api.Config{})
	teamapi.Register(a, nil)
	customersapi.Register(a, customersapi.Deps{})
	duplicatesapi.Register(a, duplicatesapi.Deps{})
	importsapi.Register(a, nil)
	webhooksapi.Register(a, nil)
	api.RegisterJournal(a, nil, api.JournalKinds{})
	if *update {
		if err := os.WriteFile(path, a.Spec(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, a.Spec()) {
		t.Errorf("%s is not what the API is: go test . -run APIDescription -update", path)
	}
}
