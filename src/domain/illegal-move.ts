/** A move that the rules do not know: a defect of ours, never a matter of input. */
export class IllegalMove extends Error {
  constructor(machine: string, state: string, event: string) {
    super(`${machine} in state ${state} cannot take ${event}`);
    this.name = 'IllegalMove';
  }
}
