"""JavaScript that is generated: handlers of 30 to 120 lines as ES and CommonJS modules, and what they share."""

from __future__ import annotations

from random import Random

from tools.bench.words import NOUNS, VERBS

COMMON = """import { createHash } from 'node:crypto';

const ALLOWED = /^[a-z0-9-]{3,64}$/;

export const now = () => new Date().toISOString();

export function checked(name) {
  if (typeof name !== 'string' || !ALLOWED.test(name)) {
    throw new TypeError(`not a name: ${name}`);
  }
  return name;
}

export function token(...parts) {
  return createHash('sha256').update(parts.join('\\0')).digest('hex').slice(0, 32);
}

export function* batches(items, size = 25) {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}

export class Failure extends Error {
  constructor(status, message) {
    super(message);
    this.name = 'Failure';
    this.status = status;
  }

  get reply() {
    return { statusCode: this.status, body: JSON.stringify({ message: this.message }) };
  }
}
"""
"""The ES module that lies beside the handlers of a service; :func:`common_js` is the same for CommonJS."""

_EXPORTS = "now", "checked", "token", "batches", "Failure"


def common_js() -> str:
    """The shared module as CommonJS."""
    text = COMMON.replace("import { createHash } from 'node:crypto'", "const { createHash } = require('node:crypto')")
    return text.replace("export ", "") + f"\nmodule.exports = {{ {', '.join(_EXPORTS)} }};\n"


def handler(name: str, service: str, event: str, lines: int, random: Random, is_module: bool) -> str:
    """A handler module of about so many lines."""
    noun = random.choice(NOUNS)
    clients = "DynamoDBDocumentClient, PutCommand, QueryCommand"
    if is_module:
        head = f"""import {{ DynamoDBClient }} from '@aws-sdk/client-dynamodb';
import {{ {clients} }} from '@aws-sdk/lib-dynamodb';
import {{ SNSClient, PublishCommand }} from '@aws-sdk/client-sns';
import {{ batches, checked, Failure, now, token }} from './common.mjs';
"""
    else:
        head = f"""const {{ DynamoDBClient }} = require('@aws-sdk/client-dynamodb');
const {{ {clients} }} = require('@aws-sdk/lib-dynamodb');
const {{ SNSClient, PublishCommand }} = require('@aws-sdk/client-sns');
const {{ batches, checked, Failure, now, token }} = require('./common');
"""
    code = [
        f"// {name}: what happens to each {noun} of {service}.\n" + head,
        """const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sns = new SNSClient({});
const TABLE_NAME = process.env.TABLE_NAME;
const { TOPIC_ARN, STAGE = 'dev' } = process.env;
""",
        f"""async function store(identifier, owner, fields) {{
  const Item = {{ pk: `{noun}#${{owner}}`, sk: identifier, changed: now(), ...fields }};
  try {{
    await documents.send(
      new PutCommand({{ TableName: TABLE_NAME, Item, ConditionExpression: 'attribute_not_exists(sk)' }}),
    );
  }} catch (error) {{
    if (error.name !== 'ConditionalCheckFailedException') throw error;
    return false;
  }}
  const Message = JSON.stringify({{ id: identifier, kind: '{noun}', stage: STAGE }});
  await sns.send(new PublishCommand({{ TopicArn: TOPIC_ARN, Message }}));
  return true;
}}
""",
    ]
    while sum(part.count("\n") + 1 for part in code) < lines - 25:
        code.append(_helper(random))
    code.append(_entry(event, noun, "export const handler =" if is_module else "exports.handler ="))
    return "\n".join(code)


def _helper(random: Random) -> str:
    noun, other = random.choice(NOUNS), random.choice(NOUNS)
    name = f"{random.choice(VERBS)}{noun.title()}{random.randrange(1000)}"
    return random.choice(
        (
            f"""function {name}(items, limit = {random.randrange(5, 90)}) {{
  const kept = items.filter((item) => !['gone', '{other}'].includes(item.state));
  kept.sort((one, two) => (one.changed < two.changed ? 1 : -1));
  const totals = new Map();
  for (const item of kept.slice(0, limit)) {{
    const [, owner] = item.pk.split('#');
    totals.set(owner, (totals.get(owner) ?? 0) + Number(item.amount ?? 0));
  }}
  return {{ kept: kept.slice(0, limit), totals: Object.fromEntries(totals) }};
}}
""",
            f"""async function {name}(owner) {{
  const found = [];
  let ExclusiveStartKey;
  do {{
    const page = await documents.send(
      new QueryCommand({{
        TableName: TABLE_NAME,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: {{ ':pk': `{noun}#${{owner}}` }},
        Limit: {random.randrange(20, 100)},
        ExclusiveStartKey,
      }}),
    );
    found.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  }} while (ExclusiveStartKey);
  return found;
}}
""",
            f"""const {name} = (before, after) => {{
  const changes = {{}};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {{
    if (key === 'changed' || before[key] === after[key]) continue;
    if (!(key in before)) changes[key] = {{ added: after[key] }};
    else if (!(key in after)) changes[key] = {{ removed: before[key] }};
    else changes[key] = {{ from: before[key], to: after[key], kind: '{other}' }};
  }}
  return changes;
}};
""",
        )
    )


def _entry(event: str, noun: str, opening: str) -> str:
    if event == "api":
        return f"""{opening} async (event, context) => {{
  console.log('request', context.awsRequestId);
  try {{
    const {{ id, owner, ...fields }} = JSON.parse(event.body ?? '{{}}');
    if (!id || !owner) throw new Failure(400, 'a {noun} needs an id and an owner');
    const isNew = await store(checked(id), checked(owner), {{ ...fields, token: token(id, owner) }});
    return {{ statusCode: isNew ? 201 : 200, body: JSON.stringify({{ id, new: isNew }}) }};
  }} catch (error) {{
    if (error instanceof Failure) return error.reply;
    console.error(error);
    return {{ statusCode: 503, body: JSON.stringify({{ message: 'try again' }}) }};
  }}
}};
"""
    if event == "queue":
        return f"""{opening} async (event) => {{
  const batchItemFailures = [];
  for (const record of event.Records) {{
    try {{
      const {{ id, owner, fields = {{}} }} = JSON.parse(record.body);
      await store(checked(id), checked(owner), {{ ...fields, kind: '{noun}' }});
    }} catch (error) {{
      console.error('failed', record.messageId, error);
      batchItemFailures.push({{ itemIdentifier: record.messageId }});
    }}
  }}
  return {{ batchItemFailures }};
}};
"""
    return f"""{opening} async (event) => {{
  const items = event.Records ?? event.items ?? [];
  let count = 0;
  for (const group of batches(items)) {{
    const results = await Promise.all(group.map((item, index) => store(token(index, '{noun}'), 'system', {{ item }})));
    count += results.filter(Boolean).length;
  }}
  console.log(`${{count}} new`);
}};
"""
