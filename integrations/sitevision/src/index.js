/* The routes of the RESTApp; docs/sitevision.md of Referat is the contract. */
import router from '@sitevision/api/common/router';
import { deleteArticle, getArticle, putArticle } from './article';
import { answering } from './answer';
import { probe } from './probe';

router.get('/probe', answering(probe));
router.get('/articles/:document', answering(getArticle));
router.put('/articles/:document', answering(putArticle));
router.delete('/articles/:document', answering(deleteArticle));
