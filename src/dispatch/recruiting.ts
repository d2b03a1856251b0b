// Finds helpers for a thread that makes a big number: those that have nothing to do, or else a thread that is started for it.
import type { RecruitMessage } from '../wire.ts';
import type { Slot } from './slot.ts';
import type { Slots } from './slots.ts';
import type { Teams } from './teams.ts';

// Starting a thread takes some tens of milliseconds: it is for one that works for long, or asks again and again.
const START_AFTER_MS = 20;
const START_AFTER_ASKS = 4;

export class Recruiting {
  readonly #teams: Teams<Slot>;
  readonly #slots: Slots;
  /** Since a thread was started for it last, or somebody was there. */
  #askedInVain = 0;

  constructor(teams: Teams<Slot>, slots: Slots) {
    this.#teams = teams;
    this.#slots = slots;
  }

  /** @returns the slot whose thread was started, which stays for the calls to come */
  ask(slot: Slot, [, team, elapsedMs, invitations]: RecruitMessage): Slot | undefined {
    this.#teams.invite(slot, team, invitations);
    if (this.#teams.recruit(team.id, this.#slots)) return undefined;
    this.#askedInVain++;
    if (elapsedMs < START_AFTER_MS && this.#askedInVain < START_AFTER_ASKS) return undefined;
    const place = this.#slots.unstarted();
    if (place === undefined || this.#teams.hasLost(team.id)) return undefined;
    try {
      place.start();
    } catch {
      return undefined; // it goes on alone; a call that needs a thread is told why there is none
    }
    this.#askedInVain = 0;
    this.#teams.recruit(team.id, this.#slots);
    return place;
  }
}
