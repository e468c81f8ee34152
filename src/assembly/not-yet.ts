import type { GatewayFile } from '../config/gateway-file.ts';

/** Roles of a token that the control port tells apart. */
const enforced = ['admin', 'unmasker'];

/**
 * Everything that configuration may say by the contract and this version would not do. One line each: what, why, what is
 * right. A lock that is configured and does not lock is worse than none, so the gateway does not start with it.
 */
export function notYet(file: Pick<GatewayFile, 'users' | 'tokens'> | null): readonly string[] {
  const problems: string[] = [];
  if (file === null) return problems;
  if (file.users.length > 0) {
    problems.push('gateway.yaml: users: this version knows no sign-in by name and password, so they would protect nothing; expected tokens: [{ name, token, role: admin or unmasker }] or FOURTHWALL_TOKEN');
  }
  for (const { name, role, spaces, services } of file.tokens) {
    const token = `gateway.yaml: tokens: the token ${JSON.stringify(name)}`;
    if (!enforced.includes(role)) problems.push(`${token} has the role ${role}, which this version would not narrow; expected admin (reads and changes) or unmasker (reads everything, changes nothing)`);
    if (spaces.length > 0) problems.push(`${token} is for some spaces, but in this version every token reads all of them; expected no spaces, or no such token`);
    if (services.length > 0) problems.push(`${token} is for some services, but in this version every token reads all of them; expected no services, or no such token`);
  }
  return problems;
}
