package filter

import (
	"context"

	"kartoteka.dev/internal/platform/i18n"
)

// opWords are the texts of the operators.
var opWords = map[Op]string{
	Is: "filter.op.is", IsNot: "filter.op.is-not", Contains: "filter.op.contains", Lacks: "filter.op.lacks",
	Starts: "filter.op.starts", Less: "filter.op.less", AtMost: "filter.op.at-most", More: "filter.op.more",
	AtLeast: "filter.op.at-least", Between: "filter.op.between", In: "filter.op.in", NotIn: "filter.op.not-in",
	Has: "filter.op.has", Empty: "filter.op.empty", Filled: "filter.op.filled", During: "filter.op.during",
	Last: "filter.op.last", Next: "filter.op.next", Older: "filter.op.older",
}

// dayWords are the texts of operators that speak of time in other words.
var dayWords = map[Op]string{
	Is: "filter.op.day-is", IsNot: "filter.op.day-is-not", Less: "filter.op.day-before", AtMost: "filter.op.day-until",
	More: "filter.op.day-after", AtLeast: "filter.op.day-from", Between: "filter.op.day-between",
}

// setWords are the texts of operators on fields with several values.
var setWords = map[Op]string{
	In: "filter.op.set-in", NotIn: "filter.op.set-not-in",
}

// Words gives the operator in the language of the context, as it is said of a
// field of the type: "is less than" of numbers, "before" of days.
func (op Op) Words(ctx context.Context, t Type) string {
	id, ok := "", false
	switch t {
	case Day, Instant:
		id, ok = dayWords[op]
	case Tags, Multi:
		id, ok = setWords[op]
	}
	if !ok {
		id, ok = opWords[op]
	}
	if !ok {
		return string(op)
	}
	return i18n.T(ctx, id)
}

// PeriodWords gives a named period of During in the language of the context.
func PeriodWords(ctx context.Context, period string) string {
	if id, ok := periodWords[period]; ok {
		return i18n.T(ctx, id)
	}
	return period
}
