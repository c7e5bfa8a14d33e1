package fields_test

import (
	"reflect"
	"slices"
	"testing"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/fields/fieldstest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

func visit() fields.FormInput {
	return fields.FormInput{
		Name: "Visit report", Mandatory: true,
		Questions: []fields.Question{
			{Words: fields.Words{Label: "Who was there"}, Type: fields.Text, Required: true},
			{Words: fields.Words{Label: "Budget"}, Type: fields.Money, Currency: "EUR"},
			{Words: fields.Words{Label: "Mood"}, Type: fields.Choice, Options: []fields.Option{
				{Words: fields.Words{Label: "Warm"}}, {Words: fields.Words{Label: "Cold"}},
			}},
		},
	}
}

func TestAFilledFormKeepsItsEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := system(t)
		s := fieldstest.Service(t, d, fieldstest.Records{"customer": {5: 5}})
		form, err := s.CreateForm(ctx, visit())
		if err != nil || form.Questions[0].Slug != "who_was_there" || form.Edition != 1 {
			t.Fatalf("%+v, %v", form, err)
		}
		answers := map[string]any{"who_was_there": "Nino", "budget": map[string]any{"amount": "5"}, "mood": "warm"}
		filled, err := s.Fill(ctx, fields.NewFilled{FormID: form.ID, RecordType: "customer", RecordID: 5, Answers: answers})
		want := map[string]any{"who_was_there": "Nino", "budget": fields.Amount{Amount: "5.00", Currency: "EUR"}, "mood": "warm"}
		if err != nil || !reflect.DeepEqual(filled.Answers, want) {
			t.Fatalf("%+v, %v", filled, err)
		}
		in := visit()
		in.Description = "After every visit"
		if again, err := s.ChangeForm(ctx, form.ID, in); err != nil || again.Edition != 1 {
			t.Fatalf("the same questions are edition %d, %v", again.Edition, err)
		}
		in.Questions = in.Questions[1:]
		if again, err := s.ChangeForm(ctx, form.ID, in); err != nil || again.Edition != 2 || again.Questions[0].Slug != "budget" {
			t.Fatalf("other questions: %+v, %v", again, err)
		}
		found, err := s.FindFilled(ctx, filled.ID)
		if err != nil || found.Edition != 1 || len(found.Questions) != 3 || !reflect.DeepEqual(found.Answers, want) {
			t.Errorf("found: %+v, %v", found, err)
		}
		if _, err := s.Fill(ctx, fields.NewFilled{
			FormID: form.ID, Edition: 1, RecordType: "customer", RecordID: 5, Answers: map[string]any{"mood": "wet", "x": 1},
		}); !slices.Equal(names(err), []string{
			"answers.mood fields.error.no-such-option", "answers.who_was_there errors.field-missing", "answers.x fields.error.no-such-field",
		}) {
			t.Errorf("refused: %v", err)
		}
		page, next, err := s.ListFilled(ctx, "customer", 5, 0)
		if err != nil || len(page) != 1 || next != 0 || page[0].FormName != "Visit report" {
			t.Errorf("listed: %v, %d, %v", page, next, err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			page, err = s.FilledIn(ctx, tx, "customer", 5)
			return err
		})
		if err != nil || len(page) != 1 || page[0].ID != filled.ID {
			t.Errorf("for the dossier: %v, %v", page, err)
		}
		entries, err := journalOf(t, d, 5)
		if err != nil || len(entries) != 1 || entries[0] != "fields.form_filled" {
			t.Errorf("journal: %v, %v", entries, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return s.Erase(ctx, tx, "customer", 5) }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.FindFilled(ctx, filled.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("erased, but %v", err)
		}
	})
}

func journalOf(t *testing.T, d *db.DB, customerID int64) (kinds []string, err error) {
	t.Helper()
	const statement = `SELECT kind FROM platform_journal WHERE customer_id = $1 ORDER BY id`
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		kinds, err = db.All(t.Context(), tx, db.Value[string], statement, customerID)
		return err
	})
	return kinds, err
}

func TestEveryChangeIsInTheJournal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := system(t)
		s := fieldstest.Service(t, d, nil)
		fieldstest.OneOfEach(t, s, "customer")
		kinds, err := journalOf(t, d, 0)
		if err != nil || len(kinds) != len(fields.Types) || kinds[0] != "fields.field_created" {
			t.Errorf("%v, %v", kinds, err)
		}
		if n, err := journal.Seal(ctx, d); err != nil || n != len(kinds) {
			t.Errorf("%d entries can be sealed, %v", n, err)
		}
	})
}

func TestWhoMayWhat(t *testing.T) {
	d := dbtest.SQLite(t)
	s := fieldstest.Service(t, d, fieldstest.Records{"customer": {5: 5}})
	form, err := s.CreateForm(system(t), visit())
	if err != nil {
		t.Fatal(err)
	}
	only := visit()
	only.Name, only.Roles = "For heads", []authz.Role{authz.Head}
	closed, err := s.CreateForm(system(t), only)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]any{"who_was_there": "Nino"}
	for _, role := range authz.Roles {
		ctx := authz.With(t.Context(), actor(role))
		designs := role == authz.Administrator || role == authz.Head
		_, err := s.CreateField(ctx, fields.NewField{RecordType: "customer", Question: fields.Question{
			Words: fields.Words{Label: "Of " + string(role)}, Type: fields.Text,
		}})
		if designs != (err == nil) || !designs && !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s creates a field: %v", role, err)
		}
		if err := s.ArchiveForm(ctx, 999); designs && !errs.Is(err, errs.NotFound) || !designs && !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s archives a form: %v", role, err)
		}
		_, err = s.Fill(ctx, fields.NewFilled{FormID: form.ID, RecordType: "customer", RecordID: 5, Answers: answers})
		if (role != authz.Analyst) != (err == nil) {
			t.Errorf("%s fills a form: %v", role, err)
		}
		_, err = s.Fill(ctx, fields.NewFilled{FormID: closed.ID, RecordType: "customer", RecordID: 5, Answers: answers})
		if (role == authz.Head) != (err == nil) || role != authz.Head && !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s fills the heads' form: %v", role, err)
		}
		_, err = s.Fill(ctx, fields.NewFilled{FormID: form.ID, RecordType: "customer", RecordID: 6, Answers: answers})
		if role != authz.Analyst && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s fills a form for what they cannot see: %v", role, err)
		}
		if _, _, err := s.ListFilled(ctx, "customer", 6, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s lists the forms of what they cannot see: %v", role, err)
		}
	}
	nobody := t.Context()
	if _, err := s.Fields(nobody, "customer"); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody reads fields: %v", err)
	}
	err = d.Write(nobody, func(tx *db.Tx) error {
		_, _, err := s.Write(nobody, tx, "customer", 5, map[string]any{})
		return err
	})
	if !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody writes values: %v", err)
	}
}

func TestStatementsStayFew(t *testing.T) {
	d := dbtest.SQLite(t)
	s := fieldstest.Service(t, d, nil)
	fieldstest.OneOfEach(t, s, "customer")
	if _, err := s.Fields(system(t), "customer"); err != nil { // fills the memory
		t.Fatal(err)
	}
	ctx, count := db.WithCounter(system(t))
	if _, err := s.FilterFields(ctx, "customer", "c.id"); err != nil || count.Count() != 0 {
		t.Errorf("the filter's fields took %d statements, %v", count.Count(), err)
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		_, err := s.Values(ctx, tx, "customer", []int64{1, 2, 3})
		return err
	})
	if err != nil || count.Count() != 1 {
		t.Errorf("values took %d statements, %v", count.Count(), err)
	}
}
