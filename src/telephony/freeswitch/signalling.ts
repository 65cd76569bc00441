/** What the media side needs of SIP; the drachtio side provides it. */
export interface MediaSignalling {
  /**
   * Sends an INVITE to FreeSWITCH; drachtio-fsmrf calls it. A dialog that comes after the deadline
   * is ended, and `destroy` of the dialog never rejects.
   */
  createUAC(
    uri: string,
    options: { readonly headers: Record<string, string>; readonly localSdp?: string },
  ): Promise<unknown>;
  /**
   * Re-INVITE within a dialog. Not the library's `modify`, which never sends again after one failure.
   * @returns the answer. @throws Error with a `status` if refused
   */
  reinvite(dialogId: string, sdp: string): Promise<string>;
  /** Drops what is left of a dialog whose other side is known to be gone. */
  forget(dialogId: string): void;
}
