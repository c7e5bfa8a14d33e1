package filter

import "slices"

// Op is what a condition asks of its field; its text is the code used by JSON
// and forms.
type Op string

// The operators. Empty and Filled take no value, Between two, In, NotIn and Has
// one or more, the others one.
const (
	Is       Op = "is"
	IsNot    Op = "is-not"
	Contains Op = "contains"
	Lacks    Op = "lacks"  // does not contain
	Starts   Op = "starts" // starts with
	Less     Op = "lt"
	AtMost   Op = "le"
	More     Op = "gt"
	AtLeast  Op = "ge"
	Between  Op = "between" // both ends included
	In       Op = "in"      // is any of
	NotIn    Op = "not-in"  // is none of
	Has      Op = "has"     // has all of
	Empty    Op = "empty"
	Filled   Op = "filled"
	During   Op = "during" // a period: today, this-week, 2026-03, 2026
	Last     Op = "last"   // the span ending today: 7d
	Next     Op = "next"   // the span beginning today: 7d
	Older    Op = "older"  // longer ago than the span: 30d
)

// ordered are the operators of fields that can be compared.
var ordered = []Op{Is, IsNot, Less, AtMost, More, AtLeast, Between}

// calendar are the operators of days and instants.
var calendar = slices.Concat([]Op{During, Last, Next, Older}, ordered, []Op{Empty, Filled})

// offers lists what a filter bar offers for each type, in reading order.
var offers = map[Type][]Op{
	Text:    {Contains, Is, Starts, IsNot, Lacks, Empty, Filled},
	Number:  slices.Concat(ordered, []Op{Empty, Filled}),
	Money:   slices.Concat(ordered, []Op{Empty, Filled}),
	Day:     calendar,
	Instant: calendar,
	Choice:  {In, NotIn, Empty, Filled},
	Country: {In, NotIn, Empty, Filled},
	Ref:     {In, NotIn, Empty, Filled},
	Multi:   {In, Has, NotIn, Empty, Filled},
	Tags:    {In, Has, NotIn, Empty, Filled},
	Bool:    {Is},
}

// extras are accepted besides what is offered, because they are natural to
// write in text.
var extras = map[Type][]Op{
	Text:    {In, NotIn},
	Choice:  {Is, IsNot},
	Country: {Is, IsNot},
	Ref:     {Is, IsNot},
}

// Offered lists the operators a filter bar offers for a type, in reading
// order.
func Offered(t Type) []Op { return slices.Clone(offers[t]) }

// Accepted lists all operators a type takes.
func Accepted(t Type) []Op { return slices.Concat(offers[t], extras[t]) }

func accepts(t Type, op Op) bool {
	return slices.Contains(offers[t], op) || slices.Contains(extras[t], op)
}

// arity tells how many values the operator takes; most is 0 for none and
// MaxValues for a list.
func (op Op) arity() (least, most int) {
	switch op {
	case Empty, Filled:
		return 0, 0
	case Between:
		return 2, 2
	case In, NotIn, Has:
		return 1, MaxValues
	}
	return 1, 1
}

// List tells that the operator takes a list of values.
func (op Op) List() bool { return op == In || op == NotIn || op == Has }

// positive gives the operator whose rows a negative one leaves out.
func (op Op) positive() (Op, bool) {
	switch op {
	case IsNot:
		return Is, true
	case Lacks:
		return Contains, true
	case NotIn:
		return In, true
	}
	return op, false
}

// known tells whether the code is an operator.
func (op Op) known() bool {
	_, ok := written[op]
	return ok
}

// written is how the text grammar spells an operator.
var written = map[Op]string{
	Is: "=", IsNot: "!=", Contains: "~", Lacks: "!~", Starts: "starts", Less: "<", AtMost: "<=", More: ">",
	AtLeast: ">=", Between: "between", In: "in", NotIn: "not in", Has: "has", Empty: "is empty",
	Filled: "is not empty", During: "during", Last: "last", Next: "next", Older: "older",
}
