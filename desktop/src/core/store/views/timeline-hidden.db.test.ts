/** What somebody deleted for themselves: gone from the timeline at once, back when they take it back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me } from './testing/server-log.ts';
import type { StateOf } from './view.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

const atEnd = () => ({ conversationId: conversation, at: { kind: 'end' as const }, limit: 50 });

const textsOf = ({ order, rows }: StateOf<'timeline'>) =>
  order.map((key) => {
    const row = rows[key];
    return row?.kind === 'message' ? row.text : row?.kind;
  });

describe('the timeline', () => {
  it('leaves out what was deleted for me, at once and after the account log says so', () => {
    const said = fixture.say('not for me');
    fixture.say('stays');
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    fixture.setEntry(`hidden:${said.opId}`, { conversationId: conversation });
    fixture.settle();
    expect(textsOf(replica.state())).toEqual(['stays']);
    fixture.flushOutbox();
    fixture.deliver(me);
    fixture.settle();
    expect(textsOf(replica.state())).toEqual(['stays']);
  });

  it('shows again what was deleted for me by mistake, before the server knows of either and after', () => {
    const said = fixture.say('back again');
    fixture.say('stays');
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    const texts = (): unknown => {
      fixture.settle();
      return textsOf(replica.state());
    };
    const hide = (): void => fixture.setEntry(`hidden:${said.opId}`, { conversationId: conversation });
    const show = (): void => {
      fixture.setEntry(`hidden:${said.opId}`, null);
      fixture.changes.emit([`messages:${conversation}`]);
    };
    const sync = (): void => {
      fixture.flushOutbox();
      fixture.deliver(me);
    };
    hide();
    show();
    expect(texts()).toEqual(['back again', 'stays']);
    hide();
    sync();
    expect(texts()).toEqual(['stays']);
    show();
    expect(texts()).toEqual(['back again', 'stays']);
    sync();
    expect(texts()).toEqual(['back again', 'stays']);
  });
});
