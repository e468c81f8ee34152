import { describe, expect, it } from 'vitest';
import { desk } from './desk.ts';
import type { Reply } from './desk.ts';

const found = async (call: ReturnType<typeof desk>, resource: string, query: string): Promise<readonly string[]> => {
  const { body } = await call('GET', `/v1/${resource}/search?query=${encodeURIComponent(query)}`);
  if (body.error !== undefined) throw new Error(body.error.message);
  return body.data.map((object) => String(object['name'] ?? object['description'] ?? object['nickname'] ?? object.id));
};

const people = async () => {
  const call = desk();
  const add = (body: string, later: number) => call('POST', '/v1/customers', body, { later: later * 1000 });
  await add('name=Amy&email=amy%40rocketrides.io&phone=%2B19999999999&metadata[donation-id]=asdf-jkl', 1);
  await add('name=one+two+three+four&email=xamy%40x.test&metadata[tier]=Gold', 2);
  await add('name=Bob+%22The+Sky%22&metadata[tier]=silver', 3);
  return call;
};

describe('a search for customers', () => {
  it.each<[string, readonly string[]]>([
    ['email:"amy@rocketrides.io"', ['Amy']], ['email:\'AMY@rocketrides.io\'', ['Amy']], ['email:"amy"', []], ['email~"amy"', ['one two three four', 'Amy']], ['email~"AMY@ROCK"', ['Amy']],
    ['name:"one two three"', ['one two three four']], ['name:"two one"', []], ['name:"three"', ['one two three four']], ['name:"thr"', []], ['name~"thr"', ['one two three four']],
    ['name:"bob \\"the sky\\""', ['Bob "The Sky"']], ['phone:"+19999999999"', ['Amy']],
    ['metadata["donation-id"]:"asdf-jkl"', ['Amy']], ["metadata['tier']:'gold'", ['one two three four']], ['-metadata["tier"]:null', ['Bob "The Sky"', 'one two three four']], ['metadata["tier"]:null', ['Amy']],
    ['email:null', ['Bob "The Sky"']], ['-email:NULL', ['one two three four', 'Amy']], ['-email:"amy@rocketrides.io"', ['Bob "The Sky"', 'one two three four']],
    ['created>1795251601', ['Bob "The Sky"', 'one two three four']], ['created>=1795251602', ['Bob "The Sky"', 'one two three four']], ['created<1795251602', ['Amy']], ['created<="1795251601"', ['Amy']], ['created:1795251603', ['Bob "The Sky"']],
    ['email~"amy" AND name~"one"', ['one two three four']], ['email~"amy" and -name~"one"', ['Amy']], ['email~"amy" name~"one"', ['one two three four']],
    ['name:"amy" OR metadata["tier"]:"silver"', ['Bob "The Sky"', 'Amy']], ['name:"amy" or name:"nobody"', ['Amy']], ['  name:"amy"  ', ['Amy']],
  ])('%s finds %j', async (query, names) => {
    expect(await found(await people(), 'customers', query)).toEqual(names);
  });

  it.each([
    ['name', /unable to parse/], ['name:amy', /unable to parse/], ['name: "amy"', /unable to parse/], ['(name:"amy")', /unable to parse/], ['name:"amy', /unable to parse/], ['name:"amy"email:"x"', /unable to parse/],
    ['name:"amy" AND', /unable to parse/], ['AND name:"amy"', /unable to parse/], ['name:"a" AND email:"b" OR phone:"c"', /unable to parse/], ['name:"a" email:"b" OR phone:"c"', /unable to parse/],
    [Array.from({ length: 11 }, (_, n) => `name:"${n}"`).join(' '), /unable to parse/], ['metadata[tier]:"x"', /unable to parse/], ['name="amy"', /unable to parse/],
    ['balance>1', /^Field `balance` is an unsupported search field for resource `customers`\. See http:\/\/stripe\.com\/docs\/search#query-fields-for-customers for a list of supported fields\.$/],
    ['constructor:"x"', /unsupported search field/], ['__proto__:"x"', /unsupported search field/], ['metadata:"x"', /unsupported search field/],
    ['name>"amy"', /`>` is not supported for field `name`/], ['created~"179"', /`~` is not supported for field `created`/], ['metadata["tier"]~"gold"', /`~` is not supported/], ['name~"am"', /at least 3 characters/],
    ['created>"soon"', /no whole number/], ['created>null', /`>` is not supported/],
  ])('%s is refused', async (query, message) => {
    const answer = await (await people())('GET', `/v1/customers/search?query=${encodeURIComponent(query)}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error', param: 'query', message: expect.stringMatching(message) } } });
  });

  it('wants a query, and nothing that it does not know', async () => {
    const call = await people();
    expect((await call('GET', '/v1/customers/search')).body.error).toMatchObject({ code: 'parameter_missing', param: 'query', message: 'Missing required param: query.' });
    expect((await call('GET', '/v1/customers/search?query=name%3A%22a%22&starting_after=cus_1')).body.error).toMatchObject({ code: 'parameter_unknown', param: 'starting_after' });
    expect((await call('GET', '/v1/customers/search?query=name%3A%22a%22&page=nothing')).body.error).toMatchObject({ param: 'page' });
    expect((await call('GET', '/v1/customers/search?query=name%3A%22a%22&limit=101')).body.error).toMatchObject({ param: 'limit' });
  });

  it('gives pages, counts when asked, expands, and leaves out who was deleted', async () => {
    const call = desk();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await call('POST', '/v1/customers', 'name=Ann')).body.id);
    await call('DELETE', `/v1/customers/${ids[0]!}`);
    expect((await call('GET', `/v1/customers/search?query=${encodeURIComponent('-email:"nobody"')}`)).body.data.map(({ id }) => id)).toEqual(ids.slice(1));
    const ask = async (more: string): Promise<Reply> => call('GET', `/v1/customers/search?query=name%3A%22ann%22&limit=2${more}`);
    const first = (await ask('&expand[]=total_count&expand[]=data.sources')).body;
    expect(first).toMatchObject({ object: 'search_result', url: '/v1/customers/search', has_more: true, total_count: 4, next_page: expect.any(String) });
    expect(first.data.map(({ id, sources }) => [id, typeof sources])).toEqual([[ids[1], 'object'], [ids[2], 'object']]);
    const second = (await ask(`&page=${String(first['next_page'])}`)).body;
    expect([second.data.map(({ id }) => id), second['has_more'], second['next_page'], second['total_count']]).toEqual([ids.slice(3), false, null, undefined]);
  });
});

describe('a search for', () => {
  const shop = async () => {
    const call = desk();
    const { body: ann } = await call('POST', '/v1/customers', 'name=Ann');
    await call('POST', '/v1/charges', `amount=1000&currency=usd&source=tok_visa&description=one&metadata[order]=1&customer=${ann.id}`);
    const { body: two } = await call('POST', '/v1/charges', 'amount=2000&currency=eur&source=tok_amex&description=two');
    await call('POST', '/v1/charges', 'amount=3000&currency=usd&source=tok_chargeDeclined&description=three');
    await call('POST', '/v1/refunds', `charge=${two.id}`);
    await call('POST', '/v1/payment_intents', `amount=500&currency=usd&description=four&customer=${ann.id}`);
    await call('POST', '/v1/payment_intents', 'amount=600&currency=eur&description=five&confirm=true&payment_method=pm_card_visa');
    const { body: book } = await call('POST', '/v1/products', 'name=Book&description=A+red+t-shirt&url=https%3A%2F%2Fx.test%2Fdinosaur_swag&shippable=true');
    await call('POST', '/v1/products', 'name=Pen&active=false');
    await call('POST', '/v1/prices', `currency=usd&unit_amount=1&product=${book.id}&recurring[interval]=month&lookup_key=standard_monthly&nickname=monthly`);
    await call('POST', '/v1/prices', `currency=eur&unit_amount=1&product=${book.id}&nickname=once&active=false`);
    return { call, ann, book };
  };
  const each: readonly (readonly [string, string, readonly string[]])[] = [
    ['charges', 'amount>1000', ['three', 'two']], ['charges', 'payment_method_details.card.last4:4242', ['five', 'one']], ['charges', 'payment_method_details.card.brand:"AMEX"', ['two']],
    ['charges', 'payment_method_details.card_present.last4:4242', []], ['charges', 'status:"failed"', ['three']], ['charges', 'refunded:"true"', ['two']], ['charges', 'refunded:"false"', ['five', 'one']], ['charges', 'refunded:null', ['three']],
    ['charges', 'disputed:"false" AND currency:"USD" AND metadata["order"]:"1"', ['one']], ['charges', 'billing_details.address.postal_code:null AND amount<1500 AND -amount:600', ['one']],
    ['payment_intents', '-currency:\'usd\'', ['five']], ['payment_intents', 'status:"requires_payment_method"', ['four']],
    ['prices', 'active:"true"', ['monthly']], ['prices', 'lookup_key:"standard_monthly"', ['monthly']], ['prices', 'type:"one_time" OR currency:"usd"', ['once', 'monthly']],
    ['products', 'description~"t-shirt"', ['Book']], ['products', 'url~"/dinosaur_swag" AND shippable:"true"', ['Book']], ['products', 'active:"false"', ['Pen']], ['products', 'url:null', ['Pen']],
  ];
  it.each(each)('%s with %s finds %j', async (resource, query, names) => {
    const { call } = await shop();
    expect(await found(call, resource, query)).toEqual(names);
  });

  it('what belongs to a customer or a product, by its id', async () => {
    const { call, ann, book } = await shop();
    expect(await found(call, 'charges', `customer:"${ann.id}"`)).toEqual(['one']);
    expect(await found(call, 'payment_intents', `customer:"${ann.id.toUpperCase()}"`)).toEqual(['four']);
    expect(await found(call, 'prices', `product:"${book.id}" AND active:"true"`)).toEqual(['monthly']);
  });
});
