/* Whether articles can be kept here: the settings, and what the user may do. It changes nothing. */
import appInfo from '@sitevision/api/server/appInfo';
import nodeTypeUtil from '@sitevision/api/server/NodeTypeUtil';
import permissionUtil from '@sitevision/api/server/PermissionUtil';
import portletContextUtil from '@sitevision/api/server/PortletContextUtil';
import { MOST } from './request';
import { settings } from './settings';

/** @returns {import('./answer').Answer} */
export function probe() {
  const parent = settings().parent;
  const user = portletContextUtil.getCurrentUser();
  return {
    status: 200,
    body: {
      contract: 2,
      version: appInfo.appVersion,
      now: new Date().getTime(),
      most: MOST,
      rights: {
        create: nodeTypeUtil.isArchive(parent)
          ? permissionUtil.hasCreateArticlePermission(parent, user)
          : permissionUtil.hasCreatePagePermission(parent, user),
        write: permissionUtil.hasEffectiveWritePermission(parent, user),
        publish: permissionUtil.hasEffectivePublishPermission(parent, user),
        delete: permissionUtil.hasEffectiveDeletePermission(parent, user),
      },
    },
  };
}
