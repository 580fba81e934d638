// Place: a dentry as seen in one mount; what a path leads to. Nothing here sleeps, and nothing is retained.

import { LinkTarget } from "../inode/link-target";
import { Dentry } from "./dentry";
import { Mount } from "./mount";

@final
export class Place extends LinkTarget {
  constructor(public mount: Mount, public dentry: Dentry) {
    super();
  }

  set(mount: Mount, dentry: Dentry): void {
    this.mount = mount;
    this.dentry = dentry;
  }
}

/** For Inode.followLink: the link leads to this place. */
export function leadTo(target: LinkTarget, mount: Mount, dentry: Dentry): void {
  (<Place>target).set(mount, dentry);
}
