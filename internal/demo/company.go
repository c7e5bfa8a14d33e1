package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Company is our own firm.
type Company struct {
	Name, LegalName         string
	Country, Currency, Zone string
	Language                string
	Address                 Address
	Phone, Email, Website   string
	RegistrationID, VATID   string
	WorkDays                []time.Weekday
	Opens, Closes           int // minutes after midnight
	Teams                   []string
}

// Person is one of our own people.
type Person struct {
	Name     string
	Email    string
	Role     string // administrator, head, supervisor, manager, operator, analyst
	Team     string
	Language string

	latin string
	zone  *time.Location
}

// Choice is a code with its name in every language of the interface.
type Choice struct {
	Code  string
	Names map[string]string
}

// Field defines one of the company's own fields on the customer's card. Its
// Key is a member of Custom: industry, employees, floor_area, delivery_notes,
// loyalty_card, contract_value, next_audit.
type Field struct {
	Key     string
	Kind    string // choice, number, text, yesno, money, date
	Names   map[string]string
	Choices []Choice // of a choice
}

// ownership is who looks after a country's customers, by weight.
type ownership struct {
	people []int
	weight weighted
}

var languages = []string{"en", "bg", "ru", "ka", "pl"}

func names(entry []string) map[string]string {
	m := make(map[string]string, len(languages))
	for i, lang := range languages {
		m[lang] = entry[i]
	}
	return m
}

func (g *Generator) loadFirm() error {
	data, err := readLists("firm.txt")
	if err != nil {
		return err
	}
	if err := g.loadStaff(data["staff"]); err != nil {
		return err
	}
	if err := g.loadOwners(data["owners"]); err != nil {
		return err
	}
	g.company = firm(data["company"])
	for _, p := range g.staff {
		if !slices.Contains(g.company.Teams, p.Team) {
			g.company.Teams = append(g.company.Teams, p.Team)
		}
	}
	for _, entry := range data["source"] {
		g.sources = append(g.sources, Choice{entry[0], names(entry[2:])})
	}
	if g.sourceShare, err = newWeighted(data.column("source", 1)[1:]); err != nil {
		return err
	}
	for _, entry := range data["industry"] {
		g.industries = append(g.industries, Choice{entry[0], names(entry[1:])})
	}
	for _, entry := range data["field"] {
		f := Field{Key: entry[0], Kind: entry[1], Names: names(entry[2:])}
		if f.Kind == "choice" {
			f.Choices = g.industries
		}
		g.fields = append(g.fields, f)
	}
	g.tags = data.column("tag", 0)
	return nil
}

func firm(entries [][]string) Company {
	v := map[string]string{}
	for _, e := range entries {
		v[e[0]] = e[1]
	}
	number := eik(0)
	return Company{
		Name: v["name"], LegalName: v["legal"], Country: "BG", Currency: "EUR", Zone: "Europe/Sofia", Language: "bg",
		Address: Address{Kind: "office", Lines: []string{v["street"]}, Postcode: v["postcode"], City: v["city"], Country: "BG"},
		Phone:   v["phone"], Email: v["email"], Website: v["website"],
		RegistrationID: number, VATID: "BG" + number,
		WorkDays: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		Opens:    9 * 60, Closes: 18 * 60,
	}
}

var teamZones = map[string]string{
	"Sofia": "Europe/Sofia", "Varna": "Europe/Sofia", "Tbilisi": "Asia/Tbilisi",
	"Warsaw": "Europe/Warsaw", "Leeds": "Europe/London",
}

func (g *Generator) loadStaff(entries [][]string) error {
	zones, err := loadZones("Europe/Sofia", "Asia/Tbilisi", "Europe/Warsaw", "Europe/London")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, e := range entries {
		first, last, _ := strings.Cut(e[0], " ")
		zone := zones[teamZones[e[3]]]
		if zone == nil {
			return fmt.Errorf("demo: team %q has no time zone", e[3])
		}
		g.staff = append(g.staff, Person{
			Name: e[0], Email: slug(first, e[4]) + "." + slug(last, e[4]) + "@verstena.example",
			Role: e[2], Team: e[3], Language: e[4], latin: latin(e[0], e[4]), zone: zone,
		})
	}
	return nil
}

func (g *Generator) loadOwners(entries [][]string) error {
	g.owners = map[string]ownership{}
	for _, e := range entries {
		var o ownership
		var weights []string
		for pair := range strings.SplitSeq(e[1], ",") {
			who, weight, _ := strings.Cut(pair, ":")
			n, err := strconv.Atoi(who)
			if err != nil || n >= len(g.staff) {
				return fmt.Errorf("demo: owner %q of %s is not one of the staff", who, e[0])
			}
			o.people, weights = append(o.people, n), append(weights, weight)
		}
		var err error
		if o.weight, err = newWeighted(weights); err != nil {
			return err
		}
		g.owners[e[0]] = o
	}
	return nil
}
