package ui_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/binder"
	"kartoteka.dev/internal/platform/ui/button"
	"kartoteka.dev/internal/platform/ui/card"
	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/filterbar"
	"kartoteka.dev/internal/platform/ui/icon"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/notice"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/steps"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/ui/tabs"
	"kartoteka.dev/internal/platform/ui/timeline"
	"kartoteka.dev/internal/platform/ui/toast"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tags breaks the HTML into lines at tags, so that a difference can be read.
var tags = regexp.MustCompile(`>(\s*)<`)

// prints are the fingerprints of assets, which change with every build.
var prints = regexp.MustCompile(`\.[0-9a-f]{10}\.`)

func TestComponents(t *testing.T) {
	cases := map[string]templ.Component{}
	for _, some := range []map[string]templ.Component{actions(), fields(), sheets(), messages()} {
		maps.Copy(cases, some)
	}
	for name, component := range cases {
		t.Run(name, func(t *testing.T) {
			golden(t, filepath.Join("testdata", name+".html"), render(t, component))
		})
	}
}

// actions are cases of what is pressed.
func actions() map[string]templ.Component {
	return map[string]templ.Component{
		"icon":          icon.Icon("phone"),
		"icon-unknown":  icon.Icon("no-such-icon"),
		"button":        button.Button(button.Props{Label: "Plan call", Icon: "phone", Variant: button.Primary, Key: "n", Opens: "plan"}),
		"button-link":   button.Button(button.Props{Label: "Open", Href: "/customers/1", Small: true}),
		"button-submit": button.Button(button.Props{Label: "Save", Submit: true, Name: "do", Value: "save", Form: "edit"}),
		"button-busy":   button.Button(button.Props{Label: "Save", Busy: true}),
		"button-off":    button.Button(button.Props{Label: "Save", Submit: true, Off: true, Why: "Ask your supervisor"}),
		"button-icon":   button.Icon(button.Props{Label: "Print", Icon: "printer"}),
		"button-script": button.Button(button.Props{Label: `<b>"x"</b>`, Href: "javascript:alert(1)"}),
	}
}

// fields are cases of what is filled in.
func fields() map[string]templ.Component {
	return map[string]templ.Component{
		"field-text":     field.Field(field.Props{Name: "name", Label: "Name", Value: "A & B", Required: true, Hint: "As on paper", Error: "Write a name"}),
		"field-affix":    field.Field(field.Props{Name: "sum", Label: "Sum", Kind: field.Number, Prefix: "€", Min: "0", Step: "0.01"}),
		"field-locked":   field.Field(field.Props{Name: "name", Label: "Name", Value: "x", Locked: "Only heads may change this"}),
		"field-textarea": field.Field(field.Props{Name: "note", Label: "Note", Kind: field.Textarea, Value: "<i>"}),
		"field-select": field.Field(field.Props{Name: "c", Label: "Country", Kind: field.Select, Value: "GE", Blank: "Choose", Locked: "no", Options: []field.Option{
			{Value: "BG", Label: "Bulgaria", Group: "EU"}, {Value: "PL", Label: "Poland", Group: "EU"}, {Value: "GE", Label: "Georgia"},
		}}),
		"field-combobox":   field.Field(field.Props{Name: "owner", Label: "Owner", Kind: field.Combobox, Value: "7", ValueLabel: "Ann", Source: "/people"}),
		"field-checkbox":   field.Field(field.Props{Name: "yes", Label: "Agrees", Kind: field.Checkbox, Value: "on"}),
		"field-switch":     field.Field(field.Props{Name: "yes", Label: "Remind", Kind: field.Switch}),
		"field-radio":      field.Field(field.Props{Name: "r", Label: "One", Kind: field.Radio, Value: "b", Error: "Choose", Options: []field.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Hint: "better"}}}),
		"field-checks":     field.Field(field.Props{Name: "r", Label: "Some", Kind: field.Checks, Values: []string{"a"}, Options: []field.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Off: true}}}),
		"field-file":       field.Field(field.Props{Name: "f", Label: "File", Kind: field.File, Multiple: true, Accept: ".csv"}),
		"field-summary":    field.Summary([]field.Problem{{Name: "name", Text: "Write a name"}, {Text: "Changed by somebody else"}}),
		"field-no-problem": field.Summary(nil),
	}
}

// sheets are cases of what holds content.
func sheets() map[string]templ.Component {
	inside := templ.Raw("<p>inside</p>")
	return map[string]templ.Component{
		"card":        within(card.Card(card.Props{Title: "Notes", Count: "3", ID: "notes", Live: "customer:1", LiveURL: "/customers/1/notes", Foot: table.Text("foot")}), inside),
		"card-index":  within(card.Index("Acorn", "building-2"), inside),
		"card-facts":  card.Facts([]card.Fact{{Label: "Phone", Text: "1"}, {Label: "Empty"}, {Label: "State", Show: badge.State(badge.Good, "active")}}, false),
		"card-stat":   card.Stat(card.StatProps{Label: "Turnover", Value: "1", Note: "more", Icon: "trending-up", Href: "/x"}),
		"section":     within(card.Section(card.SectionProps{Title: "Part", Text: "about", ID: "part"}), inside),
		"tabs":        within(tabs.Sheet(tabs.Props{Label: "Views", Tabs: []tabs.Tab{{Label: "All", Href: "/a", Count: "2", Current: true}, {Label: "Mine", Href: "/m"}}}), inside),
		"table":       table.Table(sampleTable()),
		"table-empty": table.Table(table.Props{Columns: []table.Column{{Label: "Name"}}, Empty: notice.Empty(notice.EmptyProps{Small: true, Title: "Nothing"})}),
	}
}

// messages are cases of marks, menus, messages and documents.
func messages() map[string]templ.Component {
	inside := templ.Raw("<p>inside</p>")
	return map[string]templ.Component{
		"badge":            badge.Badge(badge.Props{Text: "late", Tone: badge.Bad, Icon: "clock", Tip: "since Monday"}),
		"tag":              badge.Tag(badge.TagProps{Text: "wholesale", Remove: "Take off", RemoveName: "tag"}),
		"avatar":           badge.Avatar(badge.AvatarProps{Name: "«ann» van dyk"}),
		"avatar-ka":        badge.Avatar(badge.AvatarProps{Name: "ნინო ბერიაშვილი", Size: "l"}),
		"daytab":           binder.Tabs("Days", []binder.Tab{{Label: "8", Count: "41", Name: "Friday", Href: "/8", Today: true, Current: true, Over: true}, {Label: "9", Rest: true}}),
		"menu":             menu.Menu(menu.Props{Label: "More", Icon: "ellipsis", IconOnly: true, Items: []menu.Item{{Label: "Head", Head: true}, {Label: "Open", Href: "/x", Key: "o"}, {Line: true}, {Label: "Erase", Action: "/erase", Danger: true, Name: "id", Value: "1"}, {Label: "Off", Href: "/y", Off: "no right"}}}),
		"dialog":           within(dialog.Dialog(dialog.Props{ID: "d", Title: "Plan", Open: true, Foot: table.Text("foot")}), inside),
		"results":          dialog.PaletteResults([]dialog.ResultGroup{{Title: "None"}, {Title: "Customers", Results: []dialog.Result{{Label: "Acorn", Second: "K-1", Icon: "building-2", Href: "/customers/1"}}}}),
		"toast":            toast.Message(toast.Toast{Text: "Archived", UndoURL: "/undo/1"}),
		"banner":           within(notice.Banner(notice.BannerProps{Tone: notice.Warn, Title: "Careful", Text: "text", Alert: true}), inside),
		"empty":            notice.Empty(notice.EmptyProps{Icon: "users", Title: "Nobody yet", Text: "Add one", Actions: button.Button(button.Props{Label: "Add"})}),
		"skeleton":         notice.Skeleton(2),
		"progress":         notice.Progress(notice.ProgressProps{What: "Importing", Done: 5, Total: 10, Note: "soon"}),
		"progress-unknown": notice.Progress(notice.ProgressProps{What: "Importing"}),
		"filterbar": filterbar.Bar(filterbar.Props{
			Lead: "Customers where", Action: "/customers", Keep: url.Values{"sort": {"name"}, "a": {"1"}}, Search: &filterbar.Search{Name: "q", Placeholder: "Find"}, Clear: "/customers",
			Conditions: []filterbar.Condition{{Field: "City", Verb: "is", Value: "Bath", Remove: "/r", Editor: inside}, {Field: "Sum", Verb: "over", Value: "?", Problem: "Write a number"}},
		}),
		"steps":       steps.Steps([]string{"File", "Columns"}, 1),
		"timeline":    timeline.Timeline([]timeline.Day{{Title: "Today", Items: []timeline.Item{{Icon: "phone", Tone: "good", Title: "Call", Href: "/a/1", Meta: "10:40", Text: "said\nthanks"}}}}),
		"edit":        page.Edit(page.EditProps{Save: "/customers/1", Version: "7", Field: field.Props{Name: "name", Label: "Name", Value: "Acorn"}}),
		"edit-locked": page.Edit(page.EditProps{Show: "Acorn", Locked: "no right"}),
		"draft":       within(page.Draft(page.DraftProps{Key: "note:1", Failed: true}), inside),
		"failure":     page.Failure(page.Trouble{Icon: "server-crash", Title: "Failed", Text: "Again", Help: "Room 12", HelpHref: "https://example.com", Details: "x"}),
		"shell": within(page.Shell(page.Page{
			Title: "Customers", Company: "Acorn", Lang: "ka", Live: "/events?after=1", Person: page.Person{ID: "7", Name: "Ann Lee", SignOut: "/sign-out"},
			Menu: []page.Item{{Label: "Today", Href: "/", Icon: "notebook-tabs", Key: "t", Current: true, Count: "3"}}, Bar: []page.Item{{Label: "Today", Href: "/"}, {Label: "Log", Href: "/log"}},
			Flash: []toast.Toast{{Text: "Done"}},
		}), inside),
		"bare":    within(page.Bare(page.Page{Title: "Sign in", Failed: true}, []page.Link{{Label: "Help", Href: "/help"}}), inside),
		"offline": page.Offline(page.Page{Title: "Offline"}),
	}
}

func sampleTable() table.Props {
	return table.Props{
		ID: "customers", Caption: "Customers", Select: "id", BulkAction: "/customers/bulk", Next: "/customers?after=2",
		Bulk:    button.Button(button.Props{Label: "Export", Submit: true}),
		Columns: []table.Column{{Label: "Name", Class: table.Main, SortHref: "/customers?sort=-name", Sorted: table.Ascending}, {Label: "Sum", Class: table.Number}, {Label: "Actions", HideLabel: true}},
		Rows:    []table.Row{{ID: "1", Name: "Acorn", Href: "/customers/1", Live: "customer:1", Cells: []templ.Component{table.Link("/customers/1", "Acorn", "K-1"), table.Text("<5>"), table.Text("")}}},
		Foot:    []templ.Component{table.Text(""), table.Text("5"), table.Text("")},
	}
}

func within(outer, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, inner), w)
	})
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(i18n.With(t.Context(), i18n.Locale{Lang: i18n.English}), &out); err != nil {
		t.Fatal(err)
	}
	return prints.ReplaceAllString(tags.ReplaceAllString(out.String(), ">\n<"), ".print.") + "\n"
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if strings.Contains(got, " style=") || strings.Contains(got, "javascript:") || strings.Contains(got, " onclick=") {
		t.Error("the policy forbids inline styles and scripts")
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s; look at it, then -update:\n%s", file, diff)
	}
}

func TestToastHeaderIsPlainASCII(t *testing.T) {
	got := toast.Header(toast.Toast{Text: "Готово 😀", UndoURL: "/undo/1"})
	want := `{"k-toast":{"toasts":[{"text":"\u0413\u043e\u0442\u043e\u0432\u043e \ud83d\ude00","undoUrl":"/undo/1"}]}}`
	if got != want {
		t.Errorf("got %s", got)
	}
}
