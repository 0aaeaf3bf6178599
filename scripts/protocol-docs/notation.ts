/**
 * A schema as one reads it: JSON with types in the place of values, derived from the schema's JSON Schema so that the
 * document cannot say other than the server checks.
 */
import { z } from 'zod';

interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

/** Patterns that have a name in the document's section "Primitives". */
const named: Readonly<Record<string, string>> = {
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$': 'uuid',
  '^[0-9a-f]{16}$': 'chain',
  '^[0-9a-f]{64}$': 'hash',
};

/** Writes a schema in the notation; `io` is the direction as the server sees it. */
export function notation(schema: z.ZodType, io: 'input' | 'output'): string {
  return write(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Node, '');
}

function write(node: Node, indent: string): string {
  if ('const' in node) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return choices.map((choice) => write(choice, indent)).join(' | ');
  if (node.properties || node.type === 'object') return writeObject(node, indent);
  if (node.type === 'array') return `[${node.items ? write(node.items, indent) : 'any'}${bounds(node)} …]`;
  if (node.type === 'string') return named[node.pattern ?? ''] ?? `${node.format ?? 'string'}${bounds(node)}`;
  if (node.type === 'integer') return `integer${bounds(node)}`;
  return node.type ?? 'any JSON value';
}

function writeObject(node: Node, indent: string): string {
  const entries = Object.entries(node.properties ?? {});
  if (entries.length === 0) {
    const more = node.additionalProperties;
    return typeof more === 'object' ? `{ any key: ${write(more, indent)} }` : '{}';
  }
  const inner = `${indent}  `;
  const lines = entries.map(([name, member]) => {
    const isOptional = !node.required?.includes(name);
    const fallback = 'default' in member ? `   (default ${JSON.stringify(member.default)})` : '';
    return `${inner}${name}${isOptional ? '?' : ''}: ${write(member, inner)}${fallback}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function bounds(node: Node): string {
  const minimum = node.minimum ?? node.minLength ?? node.minItems;
  const maximum = node.maximum ?? node.maxLength ?? node.maxItems;
  const isUnbounded = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
  const parts = [
    minimum === undefined || minimum < 0 ? '' : `≥ ${minimum}`,
    isUnbounded ? '' : `≤ ${maximum}`,
  ];
  const text = parts.filter((part) => part !== '').join(', ');
  return text === '' ? '' : ` ${text}`;
}
