package matching

// Kind tells persons from organisations.
type Kind uint8

// The kinds. Unknown has a name of which nobody said whose it is.
const (
	Unknown Kind = iota
	Person
	Organisation
)

// Record is what is known of one customer, as it was written. Everything may be
// blank.
type Record struct {
	ID     int64
	Root   int64 // id of the organisation whose unit it is, its own if it is that one; 0: not known
	Kind   Kind
	Name   string // the whole name; of a person only where the parts are not known
	Given  string
	Family string

	Phones   []string
	Emails   []string
	TaxID    string // registration number
	VATID    string
	OtherIDs []string // of other systems and authorities
	Born     string   // yyyymmdd; year 0000 if only the day is known; may be wrong
	Address  Address
}

// Address is where a customer is. Number may stand in Line instead.
type Address struct {
	Number   string
	Line     string
	Extra    string // second line: flat, building, estate
	City     string
	Postcode string
	Region   string
	Country  string
}

// Field is one thing two records are compared by.
type Field uint8

// The fields.
const (
	FieldGiven Field = iota
	FieldFamily
	FieldName // of an organisation, or of one whose kind is not known
	FieldPhone
	FieldEmail
	FieldTaxID
	FieldOtherID
	FieldBorn
	FieldNumber
	FieldLine
	FieldExtra
	FieldCity
	FieldPostcode
	FieldRegion
	FieldCountry
	fields
)

// fieldNames are the words for fields in programs: in the API, in texts' ids.
var fieldNames = [fields]string{
	"given-name", "family-name", "name", "phone", "email", "tax-id", "other-id", "birthday",
	"street-number", "street", "address-extra", "city", "postcode", "region", "country",
}

func (f Field) String() string { return fieldNames[f] }

// Fields are all fields, in the order they are shown.
func Fields() []Field {
	all := make([]Field, fields)
	for i := range all {
		all[i] = Field(i)
	}
	return all
}

// Level is how far two values agree.
type Level uint8

// The levels. Missing says that one of the two is not known.
const (
	Missing Level = iota
	Equal
	Close // a slip of the pen, a changed order, an abbreviation
	Alike
	Different
	levels
)

var levelNames = [levels]string{"missing", "equal", "close", "alike", "different"}

func (l Level) String() string { return levelNames[l] }
