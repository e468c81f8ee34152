/** A number that is never a customer's: why, or null. `e164` is strict E.164. Sources: docs/discoveries/test-addresses.md */
export function reservedPhone(e164: string): string | null {
  const found = ranges.find((range) => range.numbers.test(e164));
  if (found !== undefined) return `it lies in ${found.what}`;
  return simulators.has(e164) ? 'it is an AWS End User Messaging simulator number' : null;
}

/** Numbers with these area codes are assigned to anybody, 555-01XX included. */
const tollFree = '(?:800|833|844|855|866|877|888)';

const ranges: readonly { readonly what: string; readonly numbers: RegExp }[] = [
  { what: 'the North American fiction range 555-0100 to 555-0199', numbers: new RegExp(`^\\+1(?!${tollFree})[2-9][0-9]{2}55501[0-9]{2}$`) },
  { what: "Twilio's magic numbers", numbers: /^\+1500555000[0-9]$/ },
  { what: "Ofcom's drama range", numbers: /^\+447700900[0-9]{3}$/ },
  {
    what: "Ofcom's drama range",
    numbers: /^\+44(?:1(?:1[3-8]|[2-6]1)4960|1914980|2079460|2890180|2920180|1632960|8081570|9098790|3069990)[0-9]{3}$/,
  },
  {
    what: "ACMA's drama numbers",
    numbers: /^\+6149157(?:0(?:006|1(?:5[6-9]|10)|313|737)|1(?:266|491|804)|2(?:549|665|983)|3(?:770|087)|4(?:118|632)|5(?:254|789)|6(?:398|801)|7(?:426|644)|8(?:957|(?:14|88)8)|9(?:212|760|455))$/,
  },
  { what: "ACMA's drama range", numbers: /^\+61[2378](?:5550|7010)[0-9]{4}$/ },
  { what: "ARCEP's fiction range", numbers: /^\+33(?:19900|26191|35301|46571|53649|63998)[0-9]{4}$/ },
  {
    what: "the Bundesnetzagentur's drama range",
    numbers: /^\+49(?:(?:3023125|6990009|4066969|2214710|8999998)[0-9]{3}|(?:17139200|176040690)[0-9]{2})$/,
  },
  { what: "PTS's fiction range", numbers: /^\+467017406(?:0[5-9]|[1-9][0-9])$/ },
  { what: "ComReg's drama range", numbers: /^\+3532091[0-9]{5}$/ },
];

const simulators: ReadonlySet<string> = new Set([
  '+14254147755', '+14254147167', '+447860019066', '+447860019067', '+61455944038', '+61455944039', '+43676800442031', '+43676800442032',
  '+32460213922', '+32460213923', '+56229140630', '+56229140631', '+420790542286', '+420790542287', '+4525919410', '+4525919215',
  '+37282720792', '+37282720793', '+3584573979110', '+3584573979111', '+33755512501', '+33755512502', '+85257048426', '+85257048854',
  '+36707178770', '+36707178772', '+394390009172', '+394390009174', '+447937404990', '+447937404992', '+352691385880', '+352691385882',
  '+3197008100148', '+3197008100150', '+4759449384', '+4759449387', '+48732141440', '+48732141442', '+351927946948', '+351927946950',
  '+40783900330', '+40783900332', '+34683783440', '+34683783442', '+46790645100', '+46790645102', '+41798075872', '+41798075874',
  '+886903444630', '+886903444632',
]);
