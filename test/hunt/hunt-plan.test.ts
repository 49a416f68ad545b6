// The rules for each kind of events are joined once, also where a log has more kinds than are kept.
import { describe, expect, it } from 'vitest';
import { HuntPlan } from '../../src/hunt/hunt-plan.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const rules = readSigma(`title: start
logsource: {product: windows, category: process_creation}
detection: {s: {Image: x, Gone: y}, condition: s}
---
title: words
logsource: {product: windows}
detection: {keywords: [mimikatz], condition: keywords}`).rules.map((rule) => ({ file: 'r.yml', rule }));

describe('a plan', () => {
  it('keeps the groups that were used last', () => {
    const plan = new HuntPlan(rules);
    for (let id = 0; id < 5000; id++) plan.groupOf('Security', '', id);
    const start = plan.groupOf(SYSMON, '', 1);
    for (let id = 5000; id < 20_000; id++) {
      plan.groupOf('Security', '', id);
      if (id % 1000 === 0) expect(plan.groupOf(SYSMON, '', 1)).toBe(start);
    }
    expect(plan.groupOf('Security', '', 19_999)).toBe(plan.groupOf('Security', '', 19_999));
    expect(plan.groupOf('Security', '', 5)?.rules.map(({ rule }) => rule.rule.title)).toEqual(['words']);
  });

  it('knows what the events of a group lacked that it let go of', () => {
    const plan = new HuntPlan(rules);
    plan.groupOf(SYSMON, '', 1);
    for (let id = 0; id < 10_000; id++) plan.groupOf('Security', '', id);
    expect(plan.neverMatch().map(({ rule, reason }) => `${rule.rule.title}: ${reason}`)).toEqual([
      'start: no event of its log source has Image, Gone',
    ]);
  });
});
