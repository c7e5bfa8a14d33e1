package smoke

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// alive are tables that change by themselves while a server runs: the queue,
// sessions, seals, what is remembered of requests, what jobs find and send.
var alive = []string{
	"river_", "goose_", "sqlite_", "platform_job_", "platform_journal_seals", "platform_idempotency", "platform_mail_outbox",
	"duplicates_", "webhooks_deliveries", "webhooks_attempts",
	"team_sessions", "team_tokens", "team_attempts", "team_throttle", "team_devices", "team_browsers",
}

// contents tells what is in each table of the site's database, but for those
// that change by themselves.
func (s *site) contents() map[string]string {
	s.Helper()
	d, err := sql.Open("sqlite", "file:"+filepath.Join(s.store[1], db.FileName)+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	ctx := context.WithoutCancel(s.Context())
	all := map[string]string{}
	for _, table := range s.column(d, `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name`) {
		if slices.ContainsFunc(alive, func(prefix string) bool { return strings.HasPrefix(table, prefix) }) {
			continue
		}
		n, sum := s.digest(ctx, d, table)
		all[table] = fmt.Sprint(n, " rows ", sum)
	}
	return all
}

// digest tells how many rows a table has, and a hash of them.
func (s *site) digest(ctx context.Context, d *sql.DB, table string) (n int, digest string) {
	s.Helper()
	rows, err := d.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		s.Fatal(err)
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	sum := sha256.New()
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			s.Fatal(err)
		}
		_, _ = fmt.Fprintln(sum, values...) // a hash never fails
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	return n, hex.EncodeToString(sum.Sum(nil)[:8])
}

func (s *site) column(d *sql.DB, statement string) (all []string) {
	s.Helper()
	rows, err := d.QueryContext(context.WithoutCancel(s.Context()), statement)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			s.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	return all
}

// changed lists the tables that differ.
func changed(before, after map[string]string) (all []string) {
	for table, was := range before {
		if after[table] != was {
			all = append(all, fmt.Sprintf("%s: %s, was %s", table, after[table], was))
		}
	}
	slices.Sort(all)
	return all
}

// operations are the writing operations of the committed description.
func operations(t *testing.T) (all [][2]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	for path, methods := range api.Paths {
		for method := range methods {
			if method = strings.ToUpper(method); method != http.MethodGet {
				all = append(all, [2]string{method, path})
			}
		}
	}
	slices.SortFunc(all, func(a, b [2]string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
	return all
}

// bodies are tried with every operation: one that says nothing, and one with
// something for every field of the customer file.
var bodies = []string{
	`{}`,
	`{"kind":"person","name":"Changed by a stranger","text":"Changed","title":"Changed","type":"phone","value":"+359 88 123 4567","into":2,"add":["changed"],"purpose":"email","answer":"agreed","email":"changed@example.com","url":"https://changed.example.com","events":["*"],"filter":"","items":[]}`,
}

// TestARefusalChangesNothing sends every writing operation of the API, in the
// name of every role and of nobody, at a record that belongs to someone else,
// and compares the database before and after: what is refused changes nothing,
// and who may see nothing of others changes nothing of theirs.
func TestARefusalChangesNothing(t *testing.T) {
	t.Parallel()
	s := demoSite(t)
	foreign := s.foreign()
	all := operations(t)
	if len(all) < 30 {
		t.Fatalf("only %d operations were found", len(all))
	}
	refused := 0
	roles := append(slices.Clone(authz.Roles), "nobody")
	for _, role := range roles {
		p := &program{visitor: s.visitor(), token: "kt_nobody"}
		if role != "nobody" {
			p = s.program(string(role))
		}
		before := s.contents()
		for _, op := range all {
			path := strings.NewReplacer("{id}", foreign, "{part}", "1", "{file}", "1", "{note}", "1").Replace(op[1])
			path = strings.NewReplacer("{", "", "}", "").Replace(path) // a name no record has
			for _, body := range bodies {
				r := p.request(op[0], path, strings.NewReader(body))
				r.Header.Set("Authorization", "Bearer "+p.token)
				r.Header.Set("Content-Type", "application/json")
				a := p.send(r)
				if a.status >= http.StatusInternalServerError {
					t.Errorf("%s: %s %s %s: %s", role, op[0], path, body, a)
				}
				after := s.contents()
				if a.status < http.StatusBadRequest {
					if wrong := changed(before, after); role == "nobody" || role == authz.Analyst && len(wrong) > 0 {
						t.Errorf("%s may %s %s: %s: %v", role, op[0], path, a, wrong)
					}
					before = after
					continue
				}
				refused++
				if wrong := changed(before, after); len(wrong) > 0 {
					t.Errorf("%s: %s %s %s was refused with %d, but changed %v", role, op[0], path, body, a.status, wrong)
					before = after
				}
			}
		}
	}
	t.Logf("%d refusals", refused)
}

// foreign is the id of a customer someone is responsible for.
func (s *site) foreign() string {
	s.Helper()
	d, err := sql.Open("sqlite", "file:"+filepath.Join(s.store[1], db.FileName)+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	found := s.column(d, `SELECT CAST(id AS TEXT) FROM customers_customers WHERE owner_id > 0 AND state = 'active' ORDER BY id LIMIT 1`)
	if len(found) == 0 {
		s.Fatal("no customer has an owner")
	}
	return found[0]
}
