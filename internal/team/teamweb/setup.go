package teamweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/calendar"
)

// The steps of the guided first run, as the address names them.
const (
	stepLanguage = "language"
	stepCompany  = "company"
	stepCalendar = "calendar"
	stepAdmin    = "administrator"
)

var setupSteps = []string{stepLanguage, stepCompany, stepCalendar, stepAdmin}

// setupForm is all answers so far. Between the steps they live in the address,
// so that the browser's own way back works and nothing typed is lost; the
// password is only ever sent with the last one.
type setupForm struct {
	Step       string
	Language   i18n.Lang
	Company    string
	Country    string
	Currency   string
	Zone       string
	Days       []string // weekdays worked on: "1" is Monday
	From, To   string
	Public     bool // public holidays are free
	Suggested  string
	AdminName  string
	AdminEmail string
	trouble
}

// readSetup reads the answers and fills in what follows from the country.
func readSetup(in *web.Form, lang i18n.Lang) setupForm {
	f := setupForm{
		Step: in.Text("step"), Language: i18n.Lang(in.Text("language")), Company: in.Text("company"),
		Country: in.Text("country"), Currency: in.Text("currency"), Zone: in.Text("zone"),
		Days: in.All("day"), From: in.Text("from"), To: in.Text("to"), Public: in.Flag("public"),
		Suggested: in.Text("suggested"), AdminName: in.Text("admin_name"), AdminEmail: in.Text("admin_email"),
	}
	if f.Step == "" {
		f.Step = in.Text("left") // another choice on the same step
	}
	if !slices.Contains(setupSteps, f.Step) {
		f.Step = stepLanguage
	}
	if !f.Language.Valid() {
		f.Language = lang
	}
	if f.Country == "" {
		f.Country = homeOf[f.Language]
	}
	f.suggest()
	return f
}

// homeOf is the country to begin with for each language.
var homeOf = map[i18n.Lang]string{
	i18n.Bulgarian: "BG", i18n.Russian: "RU", i18n.Georgian: "GE", i18n.Polish: "PL", i18n.English: "GB",
}

// suggest answers what follows from the country, when it is another than the
// one the answers at hand were suggested for.
func (f *setupForm) suggest() {
	if f.Suggested == f.Country {
		return
	}
	usual := calendar.CountryOf(f.Country)
	if f.Suggested != "" || f.Currency == "" {
		f.Currency = usual.Currency
	}
	if f.Suggested != "" || f.Zone == "" {
		f.Zone = usual.Zone
	}
	f.Days, f.Public = nil, true
	for day, spans := range usual.Calendar().Week {
		if len(spans) > 0 {
			f.Days = append(f.Days, id(int64(day)))
			f.From, f.To = spans[0].From.String(), spans[0].To.String()
		}
	}
	f.Suggested = f.Country
}

// calendar is the working week that was answered; ok is false for hours that
// are no time of day.
func (f setupForm) calendar() (c calendar.Calendar, ok bool) {
	from, errFrom := calendar.ParseMinute(f.From)
	to, errTo := calendar.ParseMinute(f.To)
	c.Public = f.Public
	for _, day := range f.Days {
		if n := strings.Index("0123456", day); n >= 0 && len(day) == 1 {
			c.Week[n] = []calendar.Span{{From: from, To: to}}
		}
	}
	return c, errFrom == nil && errTo == nil && c.Valid()
}

// answers are what earlier and later steps hold, for hidden fields: all but
// what this step asks itself.
func (f setupForm) answers() []field.Option {
	all := map[string][]field.Option{
		stepLanguage: {{Value: string(f.Language), Label: "language"}},
		stepCompany: {
			{Value: f.Company, Label: "company"},
			{Value: f.Country, Label: "country"},
			{Value: f.Currency, Label: "currency"},
			{Value: f.Zone, Label: "zone"},
		},
		stepCalendar: {{Value: f.From, Label: "from"}, {Value: f.To, Label: "to"}},
		stepAdmin:    {{Value: f.AdminName, Label: "admin_name"}, {Value: f.AdminEmail, Label: "admin_email"}},
	}
	for _, day := range f.Days {
		all[stepCalendar] = append(all[stepCalendar], field.Option{Value: day, Label: "day"})
	}
	if f.Public {
		all[stepCalendar] = append(all[stepCalendar], field.Option{Value: "on", Label: "public"})
	}
	out := []field.Option{{Value: f.Suggested, Label: "suggested"}}
	for _, step := range setupSteps {
		if step != f.Step {
			out = append(out, all[step]...)
		}
	}
	return out
}

// index is the number of the step, from 0.
func (f setupForm) index() int { return slices.Index(setupSteps, f.Step) }

// check looks at the answers of the step that is being left forwards.
func (f *setupForm) check(ctx context.Context, left string) {
	f.fields = map[string]string{}
	missing := i18n.T(ctx, "errors.field-missing")
	if left == stepCompany && f.Company == "" {
		f.fields["company"] = missing
	}
	if _, ok := f.calendar(); left == stepCalendar && !ok {
		f.fields["calendar"] = i18n.T(ctx, "team.error.calendar-wrong")
	}
	if len(f.fields) > 0 {
		f.Step = left
	}
}

func (p *Pages) showSetup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if p.SetUp(ctx) {
		return web.Redirect(w, r, "/")
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := readSetup(in, i18n.From(ctx).Lang)
	locale := i18n.From(ctx)
	locale.Lang = f.Language
	r = r.WithContext(i18n.With(ctx, locale))
	if i18n.Lang(in.Text("language")).Valid() {
		rememberLanguage(w, r, f.Language)
	}
	if left := in.Text("left"); slices.Contains(setupSteps, left) && slices.Index(setupSteps, left) < f.index() {
		f.check(r.Context(), left)
	}
	return p.renderSetup(w, r, f)
}

func (p *Pages) renderSetup(w http.ResponseWriter, r *http.Request, f setupForm) error {
	pg := page.Page{Title: i18n.T(r.Context(), "teamweb.setup.title"), Home: SetupPath, Width: page.Wide, Failed: f.any()}
	return web.Bare(w, r, f.status(), pg, nil, setupCard(f, p.clock.Now()))
}

func (p *Pages) setUp(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := readSetup(in, i18n.From(ctx).Lang)
	f.Step = stepAdmin
	locale := i18n.From(ctx)
	locale.Lang = f.Language
	r = r.WithContext(i18n.With(ctx, locale))
	ctx = r.Context()
	week, _ := f.calendar() // a wrong one is refused by the service
	_, err = p.team.Setup(ctx, team.SetupInput{
		Language: f.Language, Company: f.Company, Country: f.Country, Currency: f.Currency, Zone: f.Zone, Calendar: week,
		AdminName: f.AdminName, AdminEmail: f.AdminEmail, AdminPassword: in.Secret("admin_password"),
	})
	if errs.Is(err, errs.Conflict) { // someone was faster, or pressed twice
		return web.Redirect(w, r, SignInPath)
	}
	if err != nil {
		var told bool
		if f.trouble, told = troubleOf(ctx, err); !told {
			return err
		}
		f.Step = f.firstWrong()
		return p.renderSetup(w, r, f)
	}
	signed, err := p.team.SignIn(ctx, f.AdminEmail, in.Secret("admin_password"), device(r))
	if err != nil {
		return err
	}
	return p.enter(w, r, signed, SetupPath+"/done")
}

// firstWrong is the first step with an answer that cannot stay.
func (f setupForm) firstWrong() string {
	asked := map[string][]string{
		stepLanguage: {"language"},
		stepCompany:  {"company", "country", "currency", "zone"},
		stepCalendar: {"calendar"},
	}
	for _, step := range setupSteps {
		for _, name := range asked[step] {
			if f.fields[name] != "" {
				return step
			}
		}
	}
	return stepAdmin
}

// href leads to a step with all answers kept.
func (f setupForm) href(step string) string {
	q := url.Values{"step": {step}}
	f.Step = step
	for _, a := range f.answers() {
		q.Add(a.Label, a.Value)
	}
	return SetupPath + "?" + q.Encode()
}

// weekdays in the order in which calendars are written.
var weekdays = []time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
}

func dayOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, day := range weekdays {
		all = append(all, field.Option{Value: id(int64(day)), Label: i18n.WeekdayName(ctx, day)})
	}
	return all
}

func (p *Pages) showSetupDone(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	pg := page.Page{Title: i18n.T(ctx, "teamweb.setup.done-title"), Width: page.Wide}
	return web.Bare(w, r, http.StatusOK, pg, nil, setupDone())
}
